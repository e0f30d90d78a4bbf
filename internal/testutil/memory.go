package testutil

import (
	"runtime"
	"weak"
)

// Heap returns how many bytes live.
func Heap() int64 {
	collect()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Alive counts the objects that the collector has not taken yet.
func Alive[T any](ps []weak.Pointer[T]) int {
	collect()
	n := 0
	for _, p := range ps {
		if p.Value() != nil {
			n++
		}
	}
	return n
}

// Objects returns how many objects have ever been allocated.
func Objects() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Mallocs)
}

// collect frees what nobody holds. What is in a sync.Pool survives one collection.
func collect() {
	runtime.GC()
	runtime.GC()
}
