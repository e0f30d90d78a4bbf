package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

// BenchmarkCancel measures how long a scope takes to end from the moment a task fails, while all the others are blocked on
// their contexts. That time is its ns/op; starting the tasks is not in it.
func BenchmarkCancel(b *testing.B) {
	failure := errors.New("failure")
	var peers []peer
	var took time.Duration // of the last op
	for _, c := range cancelers {
		peers = append(peers, peer{c.name, func(n int) {
			begun, fail := newGate(n), make(chan struct{})
			var failed time.Time
			err := c.run(context.Background(), n, func(ctx context.Context, i int) error {
				begun.arrive()
				if i == n/2 {
					<-fail
					failed = time.Now()
					return failure
				}
				<-ctx.Done()
				return ctx.Err()
			}, func(func()) {
				begun.wait()
				close(fail)
			})
			took = time.Since(failed)
			must(errors.Is(err, failure))
		}})
	}
	each(b, "blocked", 10_000, peers, func(b *testing.B, op func(int)) {
		op(10_000)
		var sum time.Duration
		for b.Loop() {
			op(10_000)
			sum += took
		}
		b.ReportMetric(float64(sum.Nanoseconds())/float64(b.N), "ns/op")
	})
}
