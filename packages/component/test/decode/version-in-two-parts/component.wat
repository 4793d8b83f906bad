(component
  (import "a:b/c@1" (versionsuffix ".2.3") (instance (export "f" (func))))
)
