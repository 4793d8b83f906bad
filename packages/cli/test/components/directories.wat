;; Gives the paths of the directories that it was given.
(component
  (import "wasi:filesystem/types@0.2.9" (instance $types
    (export "descriptor" (type $descriptor (sub resource)))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.9" (instance $preopens
    (alias outer 1 $descriptor (type $d))
    (export "descriptor" (type $descriptor (eq $d)))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))
  (core module $Memory
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $p i32)
      (local.set $p (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $p) (local.get $new)))
      (memory.copy (local.get $p) (local.get $old) (local.get $size))
      (local.get $p)))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $get-directories
    (canon lower (func $preopens "get-directories") (memory $mem) (realloc $realloc)))
  (core module $Main
    (import "memory" "memory" (memory 1))
    (import "host" "get-directories" (func $get-directories (param i32)))
    ;; Packs the paths of the pairs together where they are: 12 bytes each become 8.
    (func (export "paths") (result i32)
      (local $i i32) (local $list i32)
      (call $get-directories (i32.const 8))
      (local.set $list (i32.load (i32.const 8)))
      (block $done
        (loop $next
          (br_if $done (i32.eq (local.get $i) (i32.load (i32.const 12))))
          (i64.store align=4
            (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 8)))
            (i64.load offset=4 align=4 (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 12)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next)))
      (i32.const 8)))
  (core instance $main (instantiate $Main
    (with "memory" (instance $memory))
    (with "host" (instance (export "get-directories" (func $get-directories))))))
  (func (export "paths") (result (list string)) (canon lift (core func $main "paths") (memory $mem))))
