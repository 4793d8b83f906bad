(component
  (import "f" (external-id "the \"f\"") (func))
)
