;; Two components as one. `$store` and `$checkout` are defined by build.mjs, which puts their texts in place of these lines.
(component
  (component $store)
  (component $checkout)
  (instance $a (instantiate $store))
  (instance $b (instantiate $checkout
    (with "example:shop/carts@0.1.0" (instance $a "example:shop/carts@0.1.0"))))
  (export "example:shop/carts@0.1.0" (instance $a "example:shop/carts@0.1.0"))
  (export "example:shop/till@0.1.0" (instance $b "example:shop/till@0.1.0"))
)
