package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// trial is one awkward case. What it returns is what was observed.
type trial struct {
	name string
	what string // for the table
	try  func(l library) string
}

var trials = []trial{
	{"panic", "a task panics", taskPanics},
	{"siblings", "…and another waits for its context", panicBesideAnother},
	{"goexit", "a task calls runtime.Goexit", taskExits},
	{"queued", "ctx is cancelled while 50 tasks wait at a limit of 1", cancelledWhileQueued},
	{"early", "the first of 50 tasks fails at a limit of 1", firstFails},
	{"second", "two tasks fail, each for a reason of its own", bothFail},
	{"joined", "a failure that is joined with ctx.Err()", joinedFailure},
	{"spawn", "a task starts a task at a limit of 1", spawnAtTheLimit},
	{"late", "a task is started after the end", startedLate},
	{"body", "the caller panics while a task runs", callerPanics},
	{"open", "a task leaves a scope open", leftOpen},
}

var errFirst, errSecond = errors.New("first"), errors.New("second")

// soon is how long something that is about to happen is waited for.
const soon = 300 * time.Millisecond

// awaited calls Wait and says what came of it.
func awaited(s scope) (outcome string, err error) {
	defer func() {
		if v := recover(); v != nil {
			outcome = "Wait panics"
		}
	}()
	if err = s.Wait(); err != nil {
		return "Wait returns an error", err
	}
	return "Wait returns nil", nil
}

func taskPanics(l library) string {
	s := l.open(context.Background(), 0)
	s.Go(func(context.Context) error { panic("oops") })
	outcome, _ := awaited(s)
	return outcome
}

func panicBesideAnother(l library) string {
	s := l.open(context.Background(), 0)
	begun := make(chan bool)
	var cancelled atomic.Bool
	s.Go(func(ctx context.Context) error {
		close(begun)
		select {
		case <-ctx.Done():
			cancelled.Store(true)
		case <-time.After(soon):
		}
		return nil
	})
	<-begun
	s.Go(func(context.Context) error { panic("oops") })
	awaited(s)
	if cancelled.Load() {
		return "it is cancelled"
	}
	return "it is not told"
}

func taskExits(l library) string {
	s := l.open(context.Background(), 0)
	s.Go(func(context.Context) error { runtime.Goexit(); return nil })
	outcome, _ := awaited(s)
	return outcome
}

// fifty starts so many tasks, where that may block, and returns a function that waits for it to be done.
func fifty(s scope, f func(context.Context) error) (started func()) {
	var all sync.WaitGroup
	all.Go(func() {
		for range 50 {
			s.Go(f)
		}
	})
	return all.Wait
}

func cancelledWhileQueued(l library) string {
	ctx, cancel := context.WithCancel(context.Background())
	s := l.open(ctx, 1)
	begun, release := make(chan bool), make(chan bool)
	s.Go(func(context.Context) error { close(begun); <-release; return nil })
	<-begun
	var ran atomic.Int32
	started := fifty(s, func(context.Context) error { ran.Add(1); return nil })
	time.Sleep(soon / 3) // those that do not block are in the queue by now
	cancel()
	time.Sleep(soon / 3) // and have heard of it
	close(release)
	started()
	outcome, err := awaited(s)
	if errors.Is(err, context.Canceled) {
		outcome += ": context canceled"
	}
	return fmt.Sprintf("%d still run, %s", ran.Load(), outcome)
}

func firstFails(l library) string {
	s := l.open(context.Background(), 1)
	var ran atomic.Int32
	s.Go(func(context.Context) error { time.Sleep(soon / 3); return errFirst })
	fifty(s, func(context.Context) error { ran.Add(1); return nil })()
	outcome, _ := awaited(s)
	return fmt.Sprintf("%d others still run, %s", ran.Load(), outcome)
}

func bothFail(l library) string {
	s := l.open(context.Background(), 0)
	var both sync.WaitGroup
	both.Add(2)
	for _, err := range []error{errFirst, errSecond} {
		s.Go(func(context.Context) error { both.Done(); both.Wait(); return err })
	}
	_, err := awaited(s)
	switch first, second := errors.Is(err, errFirst), errors.Is(err, errSecond); {
	case first && second:
		return "the error has both"
	case first || second:
		return "the error has one of them"
	}
	return "there is no error"
}

func joinedFailure(l library) string {
	s := l.open(context.Background(), 0)
	begun := make(chan bool)
	s.Go(func(ctx context.Context) error {
		close(begun)
		select {
		case <-ctx.Done():
		case <-time.After(soon):
		}
		return errors.Join(errSecond, ctx.Err())
	})
	<-begun
	s.Go(func(context.Context) error { return errFirst })
	_, err := awaited(s)
	switch {
	case errors.Is(err, errSecond):
		return "it is in the error"
	case err != nil:
		return "it is lost"
	}
	return "there is no error"
}

func spawnAtTheLimit(l library) string {
	s := l.open(context.Background(), 1)
	ran := false
	s.Go(func(context.Context) error {
		s.Go(func(context.Context) error { ran = true; return nil })
		return nil
	})
	outcome, _ := awaited(s)
	if ran {
		return "both run"
	}
	return outcome
}

func startedLate(l library) (outcome string) {
	s := l.open(context.Background(), 0)
	s.Go(func(context.Context) error { return nil })
	awaited(s)
	ran := make(chan bool, 1)
	defer func() {
		if v := recover(); v != nil {
			outcome = "panics"
		}
	}()
	s.Go(func(context.Context) error { ran <- true; return nil })
	select {
	case <-ran:
		return "it runs, and nobody waits for it"
	case <-time.After(soon):
		return "it does not run, without a word"
	}
}

func callerPanics(l library) string {
	running := make(chan bool)
	var ended atomic.Bool
	func() {
		defer func() { recover() }()
		l.run(context.Background(), func(s scope) {
			s.Go(func(ctx context.Context) error {
				close(running)
				select {
				case <-ctx.Done():
				case <-time.After(soon):
				}
				ended.Store(true)
				return nil
			})
			<-running
			panic("oops")
		})
	}()
	if ended.Load() {
		return "the task ends before the panic goes on"
	}
	return "the task outlives the call"
}

func leftOpen(l library) string {
	var ended atomic.Bool
	s := l.open(context.Background(), 0)
	s.Go(func(ctx context.Context) error {
		begun := make(chan bool)
		l.open(ctx, 0).Go(func(ctx context.Context) error {
			close(begun)
			select {
			case <-ctx.Done():
			case <-time.After(soon):
			}
			ended.Store(true)
			return nil
		})
		<-begun
		return nil
	})
	outcome, _ := awaited(s)
	if ended.Load() {
		return "its tasks end first, " + outcome
	}
	return "its tasks run on, " + outcome
}
