(component
  (import "r" (type $r (sub resource)))
  (import "a:b/c" (instance
    (export "f" (func (param "r" (own $r))))
  ))
)
