package engine

// The compiler inlines methods of types that it knows by way of another package, as the machine does all its words, only if their own
// packages are imported as well.
import (
	_ "sync"
	_ "sync/atomic"
)
