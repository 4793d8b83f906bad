(component
  (import "a:b/c" (instance (export "f" (func (param "a" u8)))))
  (import "second" (implements "a:b/c") (instance (export "f" (func (param "a" u16)))))
)
