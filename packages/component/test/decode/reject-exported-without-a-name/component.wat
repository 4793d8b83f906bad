;; What a world in WIT uses is what it imports, and this it exports.
(component
  (type $r (resource (rep i32)))
  (instance $i (export "r" (type $r)))
  (export $e "a:b/c" (instance $i))
  (alias export $e "r" (type $exported))
  (core module $m (func (export "f") (param i32)))
  (core instance $core (instantiate $m))
  (func $f (param "r" (own $exported)) (canon lift (core func $core "f")))
  (export "f" (func $f))
)
