//go:build explore

package sched

import "sync/atomic"

// The words are those of sync/atomic, with a point before each operation.

// Bool is an atomic word.
type Bool struct{ v atomic.Bool }

// Load is that of sync/atomic, as are all methods of the words.
func (x *Bool) Load() bool                      { point(); return x.v.Load() }
func (x *Bool) Store(v bool)                    { point(); x.v.Store(v) }
func (x *Bool) Swap(v bool) bool                { point(); return x.v.Swap(v) }
func (x *Bool) CompareAndSwap(old, v bool) bool { point(); return x.v.CompareAndSwap(old, v) }

// Int32 is an atomic word.
type Int32 struct{ v atomic.Int32 }

func (x *Int32) Load() int32                      { point(); return x.v.Load() }
func (x *Int32) Store(v int32)                    { point(); x.v.Store(v) }
func (x *Int32) Add(d int32) int32                { point(); return x.v.Add(d) }
func (x *Int32) CompareAndSwap(old, v int32) bool { point(); return x.v.CompareAndSwap(old, v) }

// Int64 is an atomic word.
type Int64 struct{ v atomic.Int64 }

func (x *Int64) Load() int64                      { point(); return x.v.Load() }
func (x *Int64) Store(v int64)                    { point(); x.v.Store(v) }
func (x *Int64) Add(d int64) int64                { point(); return x.v.Add(d) }
func (x *Int64) CompareAndSwap(old, v int64) bool { point(); return x.v.CompareAndSwap(old, v) }

// Pointer is an atomic word.
type Pointer[T any] struct{ v atomic.Pointer[T] }

func (x *Pointer[T]) Load() *T                      { point(); return x.v.Load() }
func (x *Pointer[T]) Store(v *T)                    { point(); x.v.Store(v) }
func (x *Pointer[T]) Swap(v *T) *T                  { point(); return x.v.Swap(v) }
func (x *Pointer[T]) CompareAndSwap(old, v *T) bool { point(); return x.v.CompareAndSwap(old, v) }

// LoadUint32 is that of sync/atomic, as the next two are.
func LoadUint32(p *uint32) uint32 { point(); return atomic.LoadUint32(p) }

// CompareAndSwapUint32 is that of sync/atomic.
func CompareAndSwapUint32(p *uint32, old, new uint32) bool {
	point()
	return atomic.CompareAndSwapUint32(p, old, new)
}

// AddUint32 is that of sync/atomic.
func AddUint32(p *uint32, d uint32) uint32 { point(); return atomic.AddUint32(p, d) }
