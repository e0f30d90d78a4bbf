package main

import (
	"context"
	"testing"
)

// BenchmarkContext starts tasks that use the Done channel of their context: that all block on until the owner cancels the
// scope, or that each looks at once.
func BenchmarkContext(b *testing.B) {
	var block, poll []peer
	for _, c := range cancelers {
		block = append(block, peer{c.name, func(n int) {
			begun := newGate(n)
			// Which error it is differs: creche calls this a clean stop.
			_ = c.run(context.Background(), n, func(ctx context.Context, _ int) error {
				begun.arrive()
				<-ctx.Done()
				return ctx.Err()
			}, func(cancel func()) {
				begun.wait()
				cancel()
			})
		}})
		poll = append(poll, peer{c.name, func(n int) {
			err := c.run(context.Background(), n, func(ctx context.Context, _ int) error {
				select {
				case <-ctx.Done():
					return ctx.Err()
				default:
					return nil
				}
			}, func(func()) {})
			must(err == nil)
		}})
	}
	compare(b, "block", 10_000, block...)
	compare(b, "poll", 100_000, poll...)
}
