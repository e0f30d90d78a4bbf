package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/creche-go/creche/group"
)

// runForever has a scope that is open as long as the soak lasts: it must not grow with the tasks that it has had.
func (s *soak) runForever(ctx context.Context) {
	var ran atomic.Int64
	started := int64(0)
	_, err := group.Run(context.Background(), func(_ context.Context, g *group.TaskGroup[[1024]byte]) error {
		pause := time.NewTicker(time.Millisecond)
		defer pause.Stop()
		for ctx.Err() == nil {
			for range 100 {
				started++
				g.Go(func(context.Context) (v [1024]byte, err error) {
					if ran.Add(1)%1000 == 0 {
						err = errTask
					}
					return v, err
				})
			}
			<-pause.C
		}
		return nil
	}, group.Discard(), group.KeepGoing(), group.Limit(8), group.Queue(1000))
	s.tasks.Add(started)
	e, _ := err.(*group.Error)
	failures := 0
	if e != nil {
		failures = len(e.Failures) + e.Omitted
	}
	if ran.Load() != started || int64(failures) != started/1000 {
		s.violated("the long scope ran %d of %d tasks, %d failed", ran.Load(), started, failures)
	}
}
