;; Only what it imports needs memory, of which there are two.
(component
  (import "write" (func $write (param "text" string)))
  (core module $memory (memory (export "memory") 1) (data (i32.const 0) "one"))
  (core instance $one (instantiate $memory))
  (core instance $two (instantiate $memory))
  (core func $write-one (canon lower (func $write) (memory (core memory $one "memory"))))
  (core func $write-two (canon lower (func $write) (memory (core memory $two "memory"))))
  (core module $main
    (import "one" "write" (func $one (param i32 i32)))
    (import "two" "write" (func $two (param i32 i32)))
    (func (export "run")
      (call $one (i32.const 0) (i32.const 3))
      (call $two (i32.const 1) (i32.const 2))))
  (core instance $main (instantiate $main
    (with "one" (instance (export "write" (func $write-one))))
    (with "two" (instance (export "write" (func $write-two))))))
  (func (export "run") (canon lift (core func $main "run"))))
