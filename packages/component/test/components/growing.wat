;; Two instances of a part that can grow a memory and a table, and beside them a memory that says how far it grows.
(component
  (core module $part
    (memory (export "memory") 1)
    (table $t 2 funcref)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow-table") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0))))
  (core module $unused
    (memory 1000))
  (core module $small
    (memory 1 3)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
  (component $growing
    (alias outer 1 $part (core module $part))
    (core instance $part (instantiate $part))
    (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $part "grow")))
    (func (export "grow-table") (param "elements" u32) (result s32) (canon lift (core func $part "grow-table"))))
  (instance $a (instantiate $growing))
  (instance $b (instantiate $growing))
  (core instance $small (instantiate $small))
  (func $grow-small (param "pages" u32) (result s32) (canon lift (core func $small "grow")))
  (export "a" (instance $a))
  (export "b" (instance $b))
  (export "grow-small" (func $grow-small)))
