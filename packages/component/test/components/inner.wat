;; Gives a component: what it is given plus the number of its calls.
(component
  (component $inner
    (import "base" (func $base (result u32)))
    (core func $base' (canon lower (func $base)))
    (core module $main
      (import "a" "base" (func $a (result i32)))
      (global $calls (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.add (global.get $calls) (call $a))))
    (core instance $main (instantiate $main (with "a" (instance (export "base" (func $base'))))))
    (func (export "next") (result u32) (canon lift (core func $main "next"))))
  (export "inner" (component $inner)))
