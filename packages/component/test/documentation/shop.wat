;; The core module of a component of world demo:shop/shop.
(module
  (import "$root" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "counted")
  (global $top (mut i32) (i32.const 1024))
  (func (export "cabi_realloc") (param $old i32) (param $n i32) (param $align i32) (param $size i32) (result i32)
    (local $p i32)
    (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $p) (local.get $size)))
    (memory.copy (local.get $p) (local.get $old) (local.get $n))
    (local.get $p))
  (func (export "demo:shop/prices@1.0.0#total") (param $lines i32) (param $left i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $sum (i32.add (local.get $sum) (i32.load offset=8 (local.get $lines))))
        (local.set $lines (i32.add (local.get $lines) (i32.const 12)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (call $log (i32.const 16) (i32.const 7))
    (local.get $sum))
)
