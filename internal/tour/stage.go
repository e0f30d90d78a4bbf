package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// unit is one step of the clock by which the acts of a chapter tell the time.
const unit = 25 * time.Millisecond

// An act is one short program of a chapter.
type act struct {
	title string
	play  func(context.Context, *stage)
}

// A stage is what an act gets: a place to print, a clock that is at 0 when the act begins, and tasks that only take time.
type stage struct {
	mu    sync.Mutex // one line at a time
	out   io.Writer
	began time.Time
	rows  []*row // of the timeline, one a task
}

// play makes a chapter of acts, which follow one another.
func play(acts ...act) func(context.Context, *tour) error {
	return func(ctx context.Context, t *tour) error {
		for i, act := range acts {
			if i > 0 {
				fmt.Fprintln(t.out)
			}
			fmt.Fprintln(t.out, act.title)
			s := &stage{out: t.out, began: time.Now()}
			_ = t.timeline.record(ctx, act.title, func(ctx context.Context) error { act.play(ctx, s); return nil })
			if t.timeline.drawn {
				drawTimeline(t.out, s.rows)
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		if t.timeline.drawn {
			fmt.Fprintf(t.out, "\n%s\n", legend)
		}
		return nil
	}
}

// now is the time in full units. A timer may be late, but it is never early: what is due at 3 happens at 3 and a bit, and as long as
// that bit is less than a unit, the transcript is always the same.
func (s *stage) now() int { return int(time.Since(s.began) / unit) }

// say prints a line that begins with the time. Tasks that end in the same moment do so in any order. So that a transcript is the
// same each time, most acts do not let their tasks say anything, and tell of them when they have ended.
func (s *stage) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, "%4d  %s\n", s.now(), fmt.Sprintf(format, args...))
}

// sleep takes so many units. If ctx ends before, it returns the cause of that. It counts from the last full unit: whoever begins a
// little late does not end later for that.
func (s *stage) sleep(ctx context.Context, units int) error {
	end := s.began.Add(time.Duration(s.now()+units) * unit)
	select {
	case <-time.After(time.Until(end)):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// sleeper makes the function of a task that takes so many units and returns v. If it is cancelled before, its error is the cause.
func sleeper[T any](s *stage, name string, units int, v T) func(context.Context) (T, error) {
	return watched(s, name, func(ctx context.Context) (T, error) {
		if err := s.sleep(ctx, units); err != nil {
			var none T
			return none, err
		}
		return v, nil
	})
}
