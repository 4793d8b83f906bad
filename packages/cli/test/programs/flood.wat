;; Writes 10 MiB of the byte 200 to standard output and exits with 5; with the error's number if there is one.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2)
  (func (export "_start") (local $written i32) (local $error i32)
    (memory.fill (i32.const 1024) (i32.const 200) (i32.const 65536))
    (loop $more
      (i32.store (i32.const 0) (i32.const 1024))
      (i32.store (i32.const 4) (i32.const 65536))
      (local.set $error (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
      (if (local.get $error) (then (call $exit (local.get $error))))
      (local.set $written (i32.add (local.get $written) (i32.load (i32.const 16))))
      (br_if $more (i32.lt_u (local.get $written) (i32.const 10485760))))
    (call $exit (i32.const 5))))
