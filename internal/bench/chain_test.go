package main

import (
	"context"
	"strconv"
	"testing"
	"time"
)

// BenchmarkChain cancels the first of many scopes, each of which is opened and awaited by the one task of the scope above it. Only the
// last task looks at its context. The time from the cancellation until the first scope has ended is its ns/op; opening the
// scopes is not in it.
func BenchmarkChain(b *testing.B) {
	const depth = 1_000
	var peers []peer
	var took time.Duration // of the last op
	for _, c := range cancelers {
		peers = append(peers, peer{c.name, func(n int) {
			bottom := newGate(1)
			var down func(ctx context.Context, depth int) error
			down = func(ctx context.Context, depth int) error {
				if depth == 0 {
					bottom.arrive()
					<-ctx.Done()
					return ctx.Err()
				}
				return c.run(ctx, 1, func(ctx context.Context, _ int) error { return down(ctx, depth-1) }, func(func()) {})
			}
			var canceled time.Time
			// Which error it is differs: creche calls this a clean stop.
			_ = c.run(context.Background(), 1, func(ctx context.Context, _ int) error { return down(ctx, n-1) },
				func(cancel func()) {
					bottom.wait()
					canceled = time.Now()
					cancel()
				})
			took = time.Since(canceled)
		}})
	}
	each(b, strconv.Itoa(depth), depth, peers, func(b *testing.B, op func(int)) {
		op(depth)
		var sum time.Duration
		for b.Loop() {
			op(depth)
			sum += took
		}
		b.ReportMetric(float64(sum.Nanoseconds())/float64(b.N), "ns/op")
		b.ReportMetric(float64(sum.Nanoseconds())/float64(b.N)/depth, "ns/task")
	})
}
