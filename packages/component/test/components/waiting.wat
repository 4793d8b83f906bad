;; A component whose inner one waits for a function of the host.
(component
  (import "wasi:io/poll@0.2.3" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "timers" (instance $timers
    (alias outer 1 $pollable (type $pollable'))
    (export "start" (func (param "ticks" u32) (result (own $pollable'))))))
  (component $inner
    (import "poll" (instance $poll
      (export "pollable" (type $pollable (sub resource)))
      (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
    (alias export $poll "pollable" (type $pollable))
    (import "start" (func $start (param "ticks" u32) (result (own $pollable))))
    (core func $block (canon lower (func $poll "[method]pollable.block")))
    (core func $start' (canon lower (func $start)))
    (core func $drop (canon resource.drop $pollable))
    (core module $main
      (import "host" "block" (func $block (param i32)))
      (import "host" "start" (func $start (param i32) (result i32)))
      (import "host" "drop" (func $drop (param i32)))
      (func (export "wait") (param i32) (result i32)
        (local $p i32)
        (local.set $p (call $start (local.get 0)))
        (call $block (local.get $p))
        (call $drop (local.get $p))
        (i32.add (local.get 0) (i32.const 1))))
    (core instance $main (instantiate $main (with "host" (instance
      (export "block" (func $block)) (export "start" (func $start')) (export "drop" (func $drop))))))
    (func (export "wait") (param "ticks" u32) (result u32) (canon lift (core func $main "wait"))))
  (instance $inner (instantiate $inner (with "poll" (instance $poll)) (with "start" (func $timers "start"))))
  (core func $wait (canon lower (func $inner "wait")))
  (core module $main
    (import "inner" "wait" (func $wait (param i32) (result i32)))
    (func (export "wait-twice") (param i32) (result i32) (call $wait (call $wait (local.get 0))))
    (func (export "seven") (result i32) (i32.const 7)))
  (core instance $main (instantiate $main (with "inner" (instance (export "wait" (func $wait))))))
  (func (export "wait-twice") (param "ticks" u32) (result u32) (canon lift (core func $main "wait-twice")))
  (func (export "seven") (result u32) (canon lift (core func $main "seven")))
  (core module $still (func (export "eight") (result i32) (i32.const 8)))
  (core instance $still (instantiate $still))
  (func $eight (result u32) (canon lift (core func $still "eight")))
  (instance (export "demo:wait/still") (export "eight" (func $eight))))
