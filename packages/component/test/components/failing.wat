;; Its start function calls out, and traps if it is told to.
(component
  (import "fail" (func $fail (result bool)))
  (core func $fail' (canon lower (func $fail)))
  (core module $main
    (import "host" "fail" (func $fail (result i32)))
    (start $start)
    (func $start (if (call $fail) (then unreachable)))
    (func (export "run") (result i32) (i32.const 1)))
  (core instance $main (instantiate $main (with "host" (instance (export "fail" (func $fail'))))))
  (func (export "run") (result u32) (canon lift (core func $main "run"))))
