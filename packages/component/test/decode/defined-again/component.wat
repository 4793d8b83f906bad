;; A world in WIT cannot use what it exports; types of values may be defined again.
(component
  (type $point (record (field "x" u32)))
  (type $color (enum "red"))
  (instance $i (export "point" (type $point)) (export "color" (type $color)))
  (export $e "a:b/c" (instance $i))
  (alias export $e "point" (type $p))
  (alias export $e "color" (type $k))
  (core module $m
    (memory (export "memory") 1)
    (func (export "f") (param i32 i32))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  )
  (core instance $core (instantiate $m))
  (func $f (param "of" (list (tuple $p $k)))
    (canon lift (core func $core "f") (memory (core memory $core "memory")) (realloc (core func $core "cabi_realloc"))))
  (export "f" (func $f))
  (export "color" (func $f))
)
