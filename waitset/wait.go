package waitset

import (
	"context"
	"fmt"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/engine"
)

// Mode says what a Wait waits for.
type Mode uint8

// The modes.
const (
	// AllCompleted waits until every task has ended.
	AllCompleted Mode = iota
	// FirstCompleted waits until a task has ended.
	FirstCompleted
	// FirstError waits until a task has failed; one that was cancelled has not. If none fails it is AllCompleted.
	FirstError
)

// String returns the name of the constant.
func (m Mode) String() string {
	switch m {
	case AllCompleted:
		return "AllCompleted"
	case FirstCompleted:
		return "FirstCompleted"
	case FirstError:
		return "FirstError"
	}
	return fmt.Sprintf("Mode(%d)", uint8(m))
}

// Wait waits as the mode says, and takes every task that has ended when it returns: done has them in the order in which they ended, as
// far as that was after they were added, pending has those that are still in the set, in the order in which they were added. When ctx ends before, both are as they are
// at that moment, and the error is the cause of ctx's end, under errors.Is also ctx.Err(). It is never the error of a task; for
// that ask the task. No task is cancelled.
//
// With an empty set Wait returns at once. A loop that takes one task after the other does better with [WaitSet.Next], which does not list
// those that are left each time.
func (s *WaitSet[H]) Wait(ctx context.Context, m Mode) (done, pending []H, err error) {
	if m > FirstError {
		panic(fmt.Sprintf("waitset: unknown mode %v", m))
	}
	failed := false
	over := s.await(ctx, func() bool {
		for h, ok := s.take(); ok; h, ok = s.take() {
			failed = failed || h.State() == group.Failed
			done = append(done, h)
		}
		return m == FirstCompleted && len(done) > 0 || m == FirstError && failed
	})
	if !over {
		err = engine.EndError(ctx.Err(), context.Cause(ctx))
	}
	late, pending := s.divide()
	return append(done, late...), pending, err
}

// divide takes what has ended by now, whether the set was told yet or not, and lists the rest.
func (s *WaitSet[H]) divide() (done, pending []H) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for h, ok := s.take(); ok; h, ok = s.take() {
		done = append(done, h)
	}
	for m := s.lists[all].first; m != nil; {
		next := m.links[all].next
		if m.handle.State() >= group.Succeeded {
			done = append(done, m.handle)
			s.forget(m)
		} else {
			pending = append(pending, m.handle)
		}
		m = next
	}
	if len(s.members) == 0 {
		s.signal() // others may wait for what was taken before the set was told
	}
	return done, pending
}

// Wait is [WaitSet.Wait] for a set of the tasks given. It may be called again with those that were pending. A task that is given
// twice is in the answer once.
func Wait[H group.Handle](ctx context.Context, m Mode, hs ...H) (done, pending []H, err error) {
	s := New(hs...)
	done, pending, err = s.Wait(ctx, m)
	for _, h := range pending { // or each call would leave its set with the tasks
		s.Remove(h)
	}
	return done, pending, err
}
