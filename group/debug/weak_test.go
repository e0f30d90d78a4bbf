package debug_test

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
	"github.com/creche-go/creche/internal/testutil"
)

type burden [1 << 16]byte

type burdenKey struct{}

// burdened returns a context with something heavy, which lives as long as what was opened with it.
func burdened() (context.Context, []weak.Pointer[burden]) {
	b := new(burden)
	return context.WithValue(context.Background(), burdenKey{}, b), []weak.Pointer[burden]{weak.Make(b)}
}

func wantAlive(t *testing.T, what string, ps []weak.Pointer[burden], want int) {
	t.Helper()
	if n := testutil.Alive(ps); n != want {
		t.Errorf("%s: %d are alive, want %d", what, n, want)
	}
}

// The tree keeps no scope in memory.
func TestM1_TreeKeepsNoScope(t *testing.T) {
	debug.Empty()
	t.Run("a root that has ended", func(t *testing.T) {
		ctx, alive := burdened()
		g := group.New[int](ctx, observed("root"))
		ctx = nil
		g.Go(value)
		wantAlive(t, "before", alive, 1)
		g.Wait()
		runtime.KeepAlive(g)
		wantAlive(t, "after", alive, 0)
	})
	t.Run("what is below a root that goes on", func(t *testing.T) {
		var alive []weak.Pointer[burden]
		group.Run(context.Background(), func(ctx context.Context, g *intGroup) error {
			b := new(burden)
			alive = []weak.Pointer[burden]{weak.Make(b)}
			group.Run(context.WithValue(ctx, burdenKey{}, b), func(_ context.Context, g *intGroup) error { g.Go(value); return nil })
			b = nil
			wantAlive(t, "after its end", alive, 0)
			return nil
		}, observed("root"))
	})
	t.Run("a root that nobody waits for", func(t *testing.T) {
		debug.Empty()
		ctx, alive := burdened()
		g := group.New[int](ctx, observed("lost"))
		ctx = nil
		g.Go(value).Wait(context.Background())
		wantAlive(t, "before", alive, 1)
		runtime.KeepAlive(g)
		wantAlive(t, "after", alive, 0)
		eventually(t, func() bool {
			return strings.Contains(dump(t, debug.Text), `! nobody has waited for a scope "lost" (opened at `)
		})
		if n := len(debug.Look().Scopes); n > 0 {
			t.Errorf("%d scopes are in the tree", n)
		}
	})
	t.Run("a root that nobody waits for, whose tasks run", func(t *testing.T) {
		ctx, alive := burdened()
		end := make(chan struct{})
		group.New[int](ctx, observed("busy")).Go(func(context.Context) (int, error) { <-end; return 0, nil })
		ctx = nil
		wantAlive(t, "as long as they do", alive, 1)
		has(t, dump(t, debug.Text), `"busy" open`)
		close(end)
		eventually(t, func() bool { return testutil.Alive(alive) == 0 })
	})
	debug.Empty()
}

// eventually waits for what other goroutines, those of the collector among them, will bring about soon.
func eventually(t *testing.T, f func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !f(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Error("it did not happen in ten seconds")
			return
		}
		runtime.GC()
	}
}

// Goroutines that block forever on what only a scope knows are found by the profile of leaked goroutines, in the tree or not.
func TestM1_LeakProfileSeesThroughTheTree(t *testing.T) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		t.Skip("SKIPPED: this Go has no profile of leaked goroutines (1.26 has one under GOEXPERIMENT=goroutineleakprofile)")
	}
	debug.Empty()
	found := func() (n int) {
		var b strings.Builder
		if err := profile.WriteTo(&b, 2); err != nil { // which writes all goroutines
			t.Fatal(err)
		}
		for trace := range strings.SplitSeq(b.String(), "\n\n") {
			if head, trace, _ := strings.Cut(trace, "\n"); strings.Contains(head, "(leaked)") && strings.Contains(trace, "debug_test.blockForever(") {
				n++
			}
		}
		return n
	}
	before := found() // for who runs the test more than once
	for range 3 {
		leak(observed("leaky"))
	}
	has(t, dump(t, debug.Text), "12 tasks: 12 running") // while they are leaked, they are in the tree
	eventually(t, func() bool { return found() == before+12 })
	debug.Empty()
}

// leak leaves behind a scope, one below it, and tasks that wait for a channel that only those know, in their contexts.
func leak(opts ...group.Option) {
	ch := make(chan struct{})
	ctx := context.WithValue(context.Background(), burdenKey{}, ch)
	began := make(chan struct{}, 4)
	stuck := func(context.Context) (int, error) { began <- struct{}{}; blockForever(ch); return 0, nil }
	g := group.New[int](ctx, opts...)
	for range 2 {
		g.Go(stuck)
	}
	below := group.New[int](g.Context())
	for range 2 {
		below.Go(stuck)
	}
	for range 4 {
		<-began
	}
}

//go:noinline
func blockForever(ch chan struct{}) { <-ch }
