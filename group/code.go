package group

import (
	"context"
	"math"
	"reflect"
	"sync/atomic"
	"unsafe"
)

// A task tells the function that it was made for by its name, but must not keep what it has captured. It remembers where its code
// lies, in 32 bits: as the distance from that of another.
var anchor = reflect.ValueOf(funcName).Pointer()

// codeOf returns the place of a function's code. The second result is false for one that lies too far away, as in a plugin it may.
func codeOf[F any](fn F) (int32, bool) {
	// A func value points to a closure, which begins with the address of its code. The reflect package says the same, in more time.
	distance := int64(**(**uintptr)(unsafe.Pointer(&fn))) - int64(anchor)
	return int32(distance), math.MinInt32 <= distance && distance <= math.MaxInt32
}

// codeAt returns the program counter for what codeOf returned.
func codeAt(distance int32) uintptr { return anchor + uintptr(distance) }

// nameAt returns the name of the function that codeOf returned the place of. Observers ask for it once a task.
func nameAt(distance int32) string {
	slot := &recentNames[uint32(distance)*0x9e3779b1>>24] // the upper bits of a product depend on all of its factors
	n := slot.Load()
	if n == nil || n.distance != distance {
		n = &codeName{distance, funcName(codeAt(distance))}
		slot.Store(n)
	}
	return n.name
}

// recentNames keeps what the runtime's tables were asked for. Where two functions meet, the later one stays.
var recentNames [1 << 8]atomic.Pointer[codeName]

type codeName struct {
	distance int32
	name     string
}

// disguised makes a function without a value look like one that has one, so that both fit the same word of a task.
func disguised[T any](fn func(context.Context) error) func(context.Context) (T, error) {
	return *(*func(context.Context) (T, error))(unsafe.Pointer(&fn))
}

// plain takes the disguise off.
func plain[T any](fn func(context.Context) (T, error)) func(context.Context) error {
	return *(*func(context.Context) error)(unsafe.Pointer(&fn))
}
