;; Makes pollables and keeps them: as many as it is asked for, and a thousand as a command.
(component
  (import "wasi:io/poll@0.2.0" (instance $poll (export "pollable" (type (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $p))
    (export "pollable" (type $pollable (eq $p)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
  (core func $subscribe (canon lower (func $clock "subscribe-duration")))
  (core module $Main
    (import "host" "subscribe" (func $subscribe (param i64) (result i32)))
    (memory 1)
    (func $hoard (export "hoard") (param $left i32) (result i32) (local $handle i32)
      (loop $more
        (if (i32.eqz (local.get $left)) (then (return (local.get $handle))))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (local.set $handle (call $subscribe (i64.const 3600000000000)))
        (br $more))
      (unreachable))
    (func (export "run") (result i32) (drop (call $hoard (i32.const 1000))) (i32.const 0))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "spin") (loop $again (br $again))))
  (core instance $main (instantiate $Main (with "host" (instance (export "subscribe" (func $subscribe))))))
  (func (export "hoard") (param "pollables" u32) (result u32) (canon lift (core func $main "hoard")))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $main "grow")))
  (func (export "spin") (canon lift (core func $main "spin")))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (component $Run
    (import "run" (func $run (result (result))))
    (export "run" (func $run)))
  (instance $run (instantiate $Run (with "run" (func $run))))
  (export "wasi:cli/run@0.2.0" (instance $run)))
