;; A resource of the root without a constructor.
(component
  (type $token' (resource (rep i32)))
  (export $token "token" (type $token'))
  (core func $new (canon resource.new $token'))
  (core module $main
    (import "own" "new" (func $new (param i32) (result i32)))
    (func (export "issue") (result i32) (call $new (i32.const 7))))
  (core instance $main (instantiate $main (with "own" (instance (export "new" (func $new))))))
  (func (export "issue") (result (own $token)) (canon lift (core func $main "issue"))))
