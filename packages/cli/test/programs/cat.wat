;; Copies standard input to standard output; a failure of either is its exit code (100 and more: of the output).
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2)
  (func (export "_start") (local $left i32) (local $error i32)
    (loop $chunk
      (i32.store (i32.const 0) (i32.const 1024))
      (i32.store (i32.const 4) (i32.const 65536))
      (local.set $error (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 16)))
      (if (local.get $error) (then (call $exit (local.get $error))))
      (local.set $left (i32.load (i32.const 16)))
      (if (i32.eqz (local.get $left)) (then (call $exit (i32.const 0))))
      (loop $rest
        (i32.store (i32.const 4) (local.get $left))
        (local.set $error (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
        (if (local.get $error) (then (call $exit (i32.add (i32.const 100) (local.get $error)))))
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 16))))
        (local.set $left (i32.sub (local.get $left) (i32.load (i32.const 16))))
        (br_if $rest (local.get $left)))
      (br $chunk))))
