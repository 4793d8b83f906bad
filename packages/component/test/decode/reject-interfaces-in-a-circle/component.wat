(component
  (import "a:b/one" (instance $one (type $t (record (field "a" u8))) (export "t" (type (eq $t)))))
  (alias export $one "t" (type $t))
  (import "a:b/two" (instance $two (export "u" (type (eq $t)))))
  (alias export $two "u" (type $u))
  (import "again" (implements "a:b/one") (instance (export "v" (type (eq $u)))))
)
