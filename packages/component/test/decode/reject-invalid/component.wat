;; The record has no name.
(component
  (type $t (record (field "a" u8)))
  (import "f" (func (param "t" $t)))
)
