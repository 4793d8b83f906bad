;; Takes a core module and a component from the host, and gives some.
(component
  (import "module-in" (core module $in
    (import "own" "base" (func (result i32)))
    (export "twice" (func (param i32) (result i32)))))
  (import "component-in" (component $c
    (import "base" (func (result u32)))
    (export "next" (func (result u32)))))
  (core module $own (func (export "base") (result i32) (i32.const 20)))
  (core instance $own (instantiate $own))
  (core instance $twice (instantiate $in (with "own" (instance $own))))
  (func $twice (export "twice") (param "n" u32) (result u32) (canon lift (core func $twice "twice")))
  (func $base (result u32) (canon lift (core func $own "base")))
  (instance $one (instantiate $c (with "base" (func $base))))
  (instance $two (instantiate $c (with "base" (func $one "next"))))
  (export "two" (func $two "next"))
  (component $inner
    (import "base" (func $base (result u32)))
    (core func $base' (canon lower (func $base)))
    (alias outer 1 $own (core module $again))
    (core module $main
      (import "a" "base" (func $a (result i32)))
      (import "b" "base" (func $b (result i32)))
      (global $calls (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.add (global.get $calls) (i32.add (call $a) (call $b)))))
    (core instance $again (instantiate $again))
    (core instance $main (instantiate $main
      (with "a" (instance (export "base" (func $base'))))
      (with "b" (instance $again))))
    (func (export "next") (result u32) (canon lift (core func $main "next"))))
  (export "inner-one" (component $inner))
  (export "own-module" (core module $own)))
