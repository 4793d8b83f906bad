;; Imports what no host has.
(component
  (import "demo:db/store@1.0.0" (instance
    (export "get" (func (param "key" string) (result (option string))))))
  (import "log" (func (param "text" string)))
  (import "wasi:clocks/monotonic-clock@0.3.0" (instance (export "now" (func (result u64)))))
  (core module $Main (func (export "run") (result i32) (i32.const 0)))
  (core instance $main (instantiate $Main))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (component $Run
    (import "run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $run (instantiate $Run (with "run" (func $run))))
  (export "wasi:cli/run@0.2.0" (instance $run)))
