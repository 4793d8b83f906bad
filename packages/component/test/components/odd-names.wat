;; Names that JavaScript's objects have already.
(component
  (import "to-string" (func $a (result u32)))
  (import "constructor" (func $b (result u32)))
  (import "then" (func $c (result u32)))
  (export "to-string" (func $a))
  (export "constructor" (func $b))
  (export "then" (func $c)))
