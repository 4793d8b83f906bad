;; Adds what two interfaces give, each in a release of its own; their versions are changed by the tests.
(component
  (import "wasi:random/random@0.2.0" (instance $one (export "get-random-u64" (func (result u64)))))
  (import "wasi:random/insecure@0.2.10" (instance $two (export "get-insecure-random-u64" (func (result u64)))))
  (core func $one (canon lower (func $one "get-random-u64")))
  (core func $two (canon lower (func $two "get-insecure-random-u64")))
  (core module $Main
    (import "host" "one" (func $one (result i64)))
    (import "host" "two" (func $two (result i64)))
    (func (export "sum") (result i64) (i64.add (call $one) (call $two)))
    (func (export "nothing")))
  (core instance $main (instantiate $Main
    (with "host" (instance (export "one" (func $one)) (export "two" (func $two))))))
  (func (export "nothing") (canon lift (core func $main "nothing")))
  (func (export "sum") (result u64) (canon lift (core func $main "sum"))))
