package group_test

import (
	"context"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// The contexts that users get are contexts and nothing else: no other method can be reached through them, least of all one that ends
// what is not theirs.
func TestM2_ContextsShowNoneOfTheMachine(t *testing.T) {
	want := []string{"AfterFunc", "Deadline", "Done", "Err", "String", "Value"}
	check := func(t *testing.T, whose string, ctx context.Context) {
		t.Helper()
		typ := reflect.TypeOf(ctx)
		var got []string
		for i := range typ.NumMethod() {
			got = append(got, typ.Method(i).Name)
		}
		for _, name := range got {
			if !slices.Contains(want, name) {
				t.Errorf("the context of %s, a %v, has a method %s", whose, typ, name)
			}
		}
		if _, ok := ctx.(interface{ Join() }); ok {
			t.Errorf("the context of %s can be joined", whose)
		}
		if typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.Struct {
			for i := range typ.Elem().NumField() {
				if f := typ.Elem().Field(i); f.IsExported() {
					t.Errorf("the context of %s has a field %s", whose, f.Name)
				}
			}
		}
	}
	_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
		check(t, "a body", ctx)
		check(t, "a scope", g.Context())
		g.Go(func(ctx context.Context) (int, error) { check(t, "a task", ctx); return 0, nil })
		g.Do(func(ctx context.Context) error { check(t, "an action", ctx); return nil }, group.Daemon())
		group.Go(g, func(ctx context.Context) (string, error) { check(t, "a foreign task", ctx); return "", nil })
		_, err := group.Start(ctx, g, func(ctx context.Context, ready func(int) bool) error {
			check(t, "a started task", ctx)
			ready(1)
			return nil
		})
		return err
	})
	testutil.WantFailures(t, err)
	_, err = group.Gather(t.Context(), func(ctx context.Context) (int, error) { check(t, "a gathered function", ctx); return 0, nil })
	testutil.WantFailures(t, err)
}

// M1: whoever tells a scope that it is over, in a goroutine that is nobody's, has come to his end before Wait returns.
func TestM1_NoCallbackOutlivesTheScope(t *testing.T) {
	type notifying interface {
		AfterFunc(f func()) (stop func() bool)
	}
	standard, cancel := context.WithCancel(context.Background())
	defer cancel()
	tests := []struct {
		name string
		open func(t *testing.T) (g *intGroup, end func())
	}{
		{"timeout", func(t *testing.T) (*intGroup, func()) {
			return group.New[int](t.Context(), group.Timeout(time.Second)), func() {}
		}},
		{"standard parent", func(t *testing.T) (*intGroup, func()) {
			ctx, cancel := context.WithCancel(t.Context())
			return group.New[int](ctx), cancel
		}},
		{"standard parent with a deadline", func(t *testing.T) (*intGroup, func()) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			t.Cleanup(cancel)
			return group.New[int](ctx), func() {}
		}},
		{"foreign parent", func(*testing.T) (*intGroup, func()) {
			ctx := &foreign{Context: standard, done: make(chan struct{})}
			return group.New[int](ctx), func() { ctx.end(context.Canceled) }
		}},
		{"foreign parent with AfterFunc", func(*testing.T) (*intGroup, func()) {
			ctx := &notifier{foreign: foreign{Context: standard, done: make(chan struct{})}, hooks: make(map[int]func())}
			return group.New[int](ctx), func() { ctx.end(context.Canceled) }
		}},
		{"scope", func(t *testing.T) (*intGroup, func()) {
			outer := group.New[int](t.Context())
			return group.New[int](outer.Context()), func() { go outer.Cancel(nil) }
		}},
		{"task", func(t *testing.T) (*intGroup, func()) {
			outer := group.New[int](t.Context())
			opened := make(chan *intGroup)
			joined := make(chan struct{})
			task := outer.Go(func(ctx context.Context) (int, error) {
				opened <- group.New[int](ctx)
				<-joined
				return 0, nil
			})
			t.Cleanup(func() { close(joined) })
			return <-opened, func() { go task.Cancel(nil) }
		}},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g, end := tt.open(t)
			var returned atomic.Bool
			// What is called at the end of the context is called by whoever ends it.
			g.Context().(notifying).AfterFunc(func() { time.Sleep(time.Minute); returned.Store(true) })
			g.Go(obedient)
			synctest.Wait()
			end()
			g.Wait()
			if !returned.Load() {
				t.Error("Wait returned while the goroutine that ended the scope was at work")
			}
		})
	}
	testutil.Bubble(t, "timeout of a task", func(t *testing.T) {
		var returned atomic.Bool
		g := group.New[int](t.Context())
		g.Go(func(ctx context.Context) (int, error) {
			ctx.(notifying).AfterFunc(func() { time.Sleep(time.Minute); returned.Store(true) })
			return obedient(ctx)
		}, group.Timeout(time.Second))
		g.Wait()
		if !returned.Load() {
			t.Error("Wait returned while the goroutine that ended the task was at work")
		}
	})
}

// M1: a scope whose parent is over when it is opened, or ends at the same time, leaves no goroutine, whoever asked for a channel.
func TestM1_NoGoroutineIsLeftByAScopeWhoseParentIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context())
		defer g.Wait()
		g.Cancel(nil)
		for range 200 {
			for _, parent := range []context.Context{g.Context(), context.WithValue(g.Context(), key{}, 1)} {
				inner := group.New[int](parent)
				inner.Context().Done()
				task := inner.Go(obedient)
				inner.Wait()
				task.Done()
			}
		}
		synctest.Wait()
		if n := testutil.LibraryGoroutines(); n != 0 {
			t.Errorf("%d goroutines are left", n)
		}
	})
}
