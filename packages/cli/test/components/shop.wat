;; A library: functions of many types at the root and in interfaces, and imports that the host may not have.
(component
  (import "wasi:cli/exit@0.2.3" (instance $exit
    (export "exit" (func (param "status" (result))))
    (export "exit-with-code" (func (param "status-code" u8)))
  ))
  (import "wasi:keyvalue/store@0.2.0" (instance $store
    (export "bucket" (type $bucket (sub resource)))
    (export "[constructor]bucket" (func (result (own $bucket))))
    (export "open" (func (result u32)))
  ))

  (core module $Memory
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $p i32)
      (local.set $p (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $p) (local.get $new)))
      (memory.copy (local.get $p) (local.get $old) (local.get $size))
      (local.get $p)))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))

  (core func $exit-with-code (canon lower (func $exit "exit-with-code")))
  (core func $new-bucket (canon lower (func $store "[constructor]bucket")))
  (core func $open-store (canon lower (func $store "open")))

  (type $handle-type (resource (rep i32)))
  (core func $handle-new (canon resource.new $handle-type))

  (core module $Main
    (import "memory" "memory" (memory 1))
    (import "host" "exit-with-code" (func $exit (param i32)))
    (import "host" "new-bucket" (func $new-bucket (result i32)))
    (import "host" "open-store" (func $open-store (result i32)))
    (import "host" "handle-new" (func $handle-new (param i32) (result i32)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "boom") unreachable)
    (func (export "stop") (param i32) (call $exit (local.get 0)))
    (func (export "keep") (drop (call $new-bucket)))
    (func (export "look-up") (result i32) (call $open-store))
    ;; err(why), at 16
    (func (export "fail") (param $p i32) (param $n i32) (result i32)
      (i32.store8 (i32.const 16) (i32.const 1))
      (i32.store (i32.const 20) (local.get $p))
      (i32.store (i32.const 24) (local.get $n))
      (i32.const 16))
    ;; even: ok(half), odd: err
    (func (export "half") (param $n i32) (result i32)
      (i32.store8 (i32.const 16) (i32.and (local.get $n) (i32.const 1)))
      (i32.store (i32.const 20) (i32.shr_u (local.get $n) (i32.const 1)))
      (i32.const 16))
    ;; the item that was given, at 32: name, price, note
    (func (export "echo") (param i32 i32 i32 i32 i32 i32) (result i32)
      (i32.store (i32.const 32) (local.get 0))
      (i32.store (i32.const 36) (local.get 1))
      (i32.store (i32.const 40) (local.get 2))
      (i32.store (i32.const 44) (local.get 3))
      (i32.store (i32.const 48) (local.get 4))
      (i32.store (i32.const 52) (local.get 5))
      (i32.const 32))
    ;; the sum of the prices
    (func (export "total") (param $p i32) (param $n i32) (result i64)
      (local $sum i64)
      (block $done
        (loop $next
          (br_if $done (i32.eqz (local.get $n)))
          (local.set $sum (i64.add (local.get $sum) (i64.load32_u offset=8 (local.get $p))))
          (local.set $p (i32.add (local.get $p) (i32.const 24)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $next)))
      (local.get $sum))
    (func (export "count") (result i32) (i32.const 3))
    (func (export "open") (result i32) (call $handle-new (i32.const 7))))
  (core instance $main (instantiate $Main
    (with "memory" (instance $memory))
    (with "host" (instance
      (export "exit-with-code" (func $exit-with-code))
      (export "new-bucket" (func $new-bucket))
      (export "open-store" (func $open-store))
      (export "handle-new" (func $handle-new))))))

  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "add")))
  (func $boom (canon lift (core func $main "boom")))
  (func $stop (param "code" u8) (canon lift (core func $main "stop")))
  (func $keep (canon lift (core func $main "keep")))
  (func $look-up (result u32) (canon lift (core func $main "look-up")))
  (func $fail (param "why" string) (result (result u32 (error string)))
    (canon lift (core func $main "fail") (memory $mem) (realloc $realloc)))
  (func $half (param "of" u32) (result (result u32)) (canon lift (core func $main "half") (memory $mem)))

  (type $item-type (record (field "name" string) (field "price" u32) (field "note" (option string))))
  (func $echo (param "what" $item-type) (result $item-type)
    (canon lift (core func $main "echo") (memory $mem) (realloc $realloc)))
  (func $total (param "of" (list $item-type)) (result u64)
    (canon lift (core func $main "total") (memory $mem) (realloc $realloc)))
  (func $count (result u32) (canon lift (core func $main "count")))
  (func $open (result (own $handle-type)) (canon lift (core func $main "open")))

  (component $Cart
    (type $i (record (field "name" string) (field "price" u32) (field "note" (option string))))
    (import "import-item" (type $item (eq $i)))
    (import "import-echo" (func $echo (param "what" $item) (result $item)))
    (import "import-total" (func $total (param "of" (list $item)) (result u64)))
    (export $e "item" (type $i))
    (export "echo" (func $echo) (func (param "what" $e) (result $e)))
    (export "total" (func $total) (func (param "of" (list $e)) (result u64))))
  (instance $cart (instantiate $Cart
    (with "import-item" (type $item-type))
    (with "import-echo" (func $echo))
    (with "import-total" (func $total))))

  (component $Stock
    (import "handle" (type $h (sub resource)))
    (import "total" (func $total (result u32)))
    (import "open" (func $open (result (own $h))))
    (export $e "handle" (type $h))
    (export "total" (func $total))
    (export "open" (func $open) (func (result (own $e)))))
  (instance $stock (instantiate $Stock
    (with "handle" (type $handle-type))
    (with "total" (func $count))
    (with "open" (func $open))))

  (export "add" (func $add))
  (export "boom" (func $boom))
  (export "stop" (func $stop))
  (export "keep" (func $keep))
  (export "look-up" (func $look-up))
  (export "fail" (func $fail))
  (export "half" (func $half))
  (export "demo:shop/cart@1.2.0" (instance $cart))
  (export "demo:shop/stock@1.2.0" (instance $stock)))
