;; WIT wants a name where a type is used, a component does not.
(component
  (import "a:b/c" (instance $c
    (type $t (record (field "a" u8)))
    (export "t" (type (eq $t)))
    (export "file" (type (sub resource)))
  ))
  (alias export $c "t" (type $t))
  (alias export $c "file" (type $file))
  (import "f" (func (param "t" $t) (result (own $file))))
  (import "t" (func (param "t" (list $t))))
  (import "a:b/d" (instance
    (export "open" (func (result (own $file))))
    (export "file" (type $own (sub resource)))
    (export "close" (func (param "a" (borrow $file)) (param "b" (borrow $own))))
  ))
)
