(component
  (import "a:b/c" (instance (type $t (record (field "a" u8))) (export "t" (type (eq $t)))))
  (import "second" (implements "a:b/c") (instance (type $t (record (field "b" u8))) (export "t" (type (eq $t)))))
)
