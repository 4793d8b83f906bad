;; What no generator of components writes and WIT can say all the same.
(component
  ;; Only a part of an interface, and then another.
  (import "a:b/store" (instance $store
    (export "file" (type (sub resource)))
  ))
  (alias export $store "file" (type $file))
  (import "a:b/log@1.0.0" (instance
    (alias outer 1 $file (type $outer))
    (export "to" (type $to (eq $outer)))
    (type $record (record (field "to" (own $to))))
    (export "entry" (type $entry (eq $record)))
    (export "entry-too" (type (eq $entry)))
    (export "log" (func (param "entry" $entry)))
  ))
  ;; Two names for one resource, neither of which is made from the other.
  (type $new (resource (rep i32)))
  (instance $a (export "res" (type $new)))
  (export "a:b/first" (instance $a))
  (instance $b (export "res" (type $new)))
  (export "a:b/second" (instance $b))
  ;; What is imported is exported.
  (export "a:b/store" (instance $store))
  ;; Of a list, the name goes when there is none.
  (import "lists" (instance $lists
    (type $l (list u8))
    (export "l" (type (eq $l)))
  ))
  (alias export $lists "l" (type $l))
  (import "sum" (func (param "of" $l) (result u64)))
)
