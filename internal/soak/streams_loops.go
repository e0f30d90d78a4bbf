package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/creche-go/creche/iter"
)

// mapping leaves loops over a sequence without an end.
func mapping(ctx context.Context, r *rand.Rand) (int, error) {
	n := 1 + r.IntN(200_000)
	var alive atomic.Int64
	from, i := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}, 0
	for v, err := range iter.Map(ctx, from, func(_ context.Context, i int) (int, error) {
		alive.Add(1)
		defer alive.Add(-1)
		return i * 3, nil
	}, limits(r)...) {
		if v != i*3 || err != nil {
			return n, fmt.Errorf("value %d is %d, error %v", i, v, err)
		}
		if i++; i == n {
			break
		}
	}
	if alive.Load() != 0 {
		return n, fmt.Errorf("%d calls went on after the loop", alive.Load())
	}
	return n, nil
}

// inSlices works on a million elements.
func inSlices(ctx context.Context, r *rand.Rand) (int, error) {
	s := make([]int, 1+r.IntN(1_000_000))
	rs, err := iter.MapSlice(ctx, s, func(_ context.Context, x int) (int, error) { return x + 1, nil }, limits(r)...)
	if len(rs) != len(s) || slices.ContainsFunc(rs, func(x int) bool { return x != 1 }) || err != nil {
		return len(s), fmt.Errorf("not all of %d elements are done, error %v", len(s), err)
	}
	return len(s), nil
}
