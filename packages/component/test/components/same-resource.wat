;; Imports a resource twice: what the second instance has must be that of the first.
(component
  (import "first" (instance $first (export "thing" (type (sub resource)))))
  (alias export $first "thing" (type $thing))
  (import "second" (instance (export "same" (type (eq $thing))))))
