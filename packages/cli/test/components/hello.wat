;; A command: prints its first two arguments; fails without any.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error-type))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $output-stream (sub resource)))
    (alias outer 1 $error-type (type $e))
    (export "error" (type $error (eq $e)))
    (type $stream-error-type (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error-type)))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8))
      (result (result (error $stream-error)))))))
  (alias export $streams "output-stream" (type $output-stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output-stream (type $o))
    (export "output-stream" (type $output-stream (eq $o)))
    (export "get-stdout" (func (result (own $output-stream))))))
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-arguments" (func (result (list string))))))
  ;; Imported by most toolchains, used or not.
  (import "wasi:keyvalue/store@0.2.0" (instance $store
    (export "bucket" (type $bucket (sub resource)))
    (export "open" (func (param "identifier" string) (result (own $bucket))))
    (export "[method]bucket.size" (func (param "self" (borrow $bucket)) (result u64)))))

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

  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush") (memory $mem)))
  (core func $drop-stream (canon resource.drop $output-stream))
  (core func $get-arguments
    (canon lower (func $environment "get-arguments") (memory $mem) (realloc $realloc)))
  (core func $size (canon lower (func $store "[method]bucket.size")))

  (core module $Main
    (import "memory" "memory" (memory 1))
    (import "host" "get-stdout" (func $get-stdout (result i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i32)))
    (import "host" "drop-stream" (func $drop-stream (param i32)))
    (import "host" "get-arguments" (func $get-arguments (param i32)))
    (import "host" "size" (func $size (param i32) (result i64)))
    (func (export "run") (result i32)
      (local $out i32) (local $list i32) (local $n i32)
      (call $get-arguments (i32.const 8))
      (local.set $list (i32.load (i32.const 8)))
      (local.set $n (i32.load (i32.const 12)))
      (if (i32.lt_u (local.get $n) (i32.const 2)) (then (return (i32.const 1))))
      (local.set $out (call $get-stdout))
      (call $write (local.get $out) (i32.load (local.get $list)) (i32.load offset=4 (local.get $list)) (i32.const 16))
      (i32.store8 (i32.const 64) (i32.const 32))
      (call $write (local.get $out) (i32.const 64) (i32.const 1) (i32.const 16))
      (call $write (local.get $out) (i32.load offset=8 (local.get $list)) (i32.load offset=12 (local.get $list)) (i32.const 16))
      (i32.store8 (i32.const 64) (i32.const 10))
      (call $write (local.get $out) (i32.const 64) (i32.const 1) (i32.const 16))
      (call $drop-stream (local.get $out))
      (i32.const 0)))
  (core instance $main (instantiate $Main
    (with "memory" (instance $memory))
    (with "host" (instance
      (export "get-stdout" (func $get-stdout))
      (export "write" (func $write))
      (export "drop-stream" (func $drop-stream))
      (export "get-arguments" (func $get-arguments))
      (export "size" (func $size))))))

  (func $run (result (result)) (canon lift (core func $main "run")))
  (component $Run
    (import "run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $run (instantiate $Run (with "run" (func $run))))
  (export "wasi:cli/run@0.2.0" (instance $run)))
