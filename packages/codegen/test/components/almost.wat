;; Almost world `texts`.
(component
  (import "demo:texts/host@0.1.0" (instance $host
    (export "text" (func (result (list u8))))
    (export "more" (func))))
  (import "demo:other/host@1.0.0" (instance
    (export "thing" (type (sub resource)))
    (export "f" (func))))
  (import "plain" (func))
  (core module $main
    (func (export "where") (result i64) (i64.const 0))
    (func (export "at") (param i32) (result i32) (local.get 0)))
  (core instance $main (instantiate $main))
  (func $where (result u64) (canon lift (core func $main "where")))
  (func $at (param "text" char) (result u32) (canon lift (core func $main "at")))
  (instance $api
    (export "where" (func $where))
    (export "at" (func $at)))
  (export "demo:texts/api@0.1.9" (instance $api)))
