(component (import "unlocked-dep=<a:b>" (instance)))
