package debug_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/iter"
)

// outline writes the tree as names in brackets: scopes (within their tasks), tasks.
func outline(tree *debug.Tree) string {
	var b strings.Builder
	var write func(parent int64, task *int)
	write = func(parent int64, task *int) {
		for _, s := range tree.Scopes {
			if s.Parent != parent || (s.Task == nil) != (task == nil) || task != nil && *s.Task != *task {
				continue
			}
			fmt.Fprintf(&b, "(%s", s.Name)
			write(s.ID, nil)
			for _, t := range s.Tasks {
				fmt.Fprintf(&b, " %s", t.Name)
				write(s.ID, &t.Index)
			}
			b.WriteString(")")
		}
	}
	write(0, nil)
	return b.String()
}

func wantOutline(t *testing.T, want string) {
	t.Helper()
	time.Sleep(time.Nanosecond) // until all others block; tasks call this too, so that synctest.Wait would not do
	if diff := cmp.Diff(want, outline(debug.Look())); diff != "" {
		t.Errorf("the tree (-want +got):\n%s", diff)
	}
}

// NE-08: a scope is in the tree where it was opened, as long as it is open.
func TestTree(t *testing.T) {
	open := func(ctx context.Context, name string) *intGroup { return group.New[int](ctx, group.Name(name)) }
	tests := map[string]func(t *testing.T, ctx context.Context, g *intGroup){
		"in the body, and in tasks": func(t *testing.T, ctx context.Context, g *intGroup) {
			a := open(ctx, "a")
			g.Go(within("b", func(ctx context.Context, g *intGroup) error { g.Go(obedient, group.Name("y")); return nil }), group.Name("x"))
			wantOutline(t, "(root(a) x(b y))")
			a.Wait()
			wantOutline(t, "(root x(b y))")
		},
		"in a body in a task": func(t *testing.T, ctx context.Context, g *intGroup) {
			g.Go(within("a", func(ctx context.Context, g *intGroup) error {
				b := open(ctx, "b")
				wantOutline(t, "(root x(a(b)))")
				b.Wait()
				return nil
			}), group.Name("x"))
			synctest.Wait()
		},
		"with a derived context": func(t *testing.T, ctx context.Context, g *intGroup) {
			g.Go(func(ctx context.Context) (int, error) {
				ctx, cancel := context.WithTimeout(context.WithValue(ctx, burdenKey{}, 1), time.Hour)
				defer cancel()
				return within("a", func(ctx context.Context, g *intGroup) error { g.Go(obedient, group.Name("y")); return nil })(ctx)
			}, group.Name("x"))
			wantOutline(t, "(root x(a y))")
		},
		"a combinator, and a loop": func(t *testing.T, ctx context.Context, g *intGroup) {
			g.Go(func(ctx context.Context) (int, error) { _, err := group.Gather(ctx, obedient, obedient); return 0, err }, group.Name("x"))
			g.Go(func(ctx context.Context) (int, error) {
				return 0, iter.ForEachSlice(ctx, make([]int, 3), func(ctx context.Context, _ *int) error { <-ctx.Done(); return nil }, group.Name("loop"))
			}, group.Name("y"))
			synctest.Wait()
			if got := outline(debug.Look()); !strings.HasPrefix(got, "(root x( debug_test.obedient debug_test.obedient) y(loop") {
				t.Errorf("the tree is %s", got)
			}
		},
		"with the context of a task that has ended": func(t *testing.T, ctx context.Context, g *intGroup) {
			var old context.Context
			g.Go(func(ctx context.Context) (int, error) { old = ctx; return 1, nil })
			synctest.Wait()
			a := open(context.WithoutCancel(old), "a")
			wantOutline(t, "(root)(a)")
			a.Wait()
			wantOutline(t, "(root)")
		},
		"with the context of a scope that has ended": func(t *testing.T, ctx context.Context, g *intGroup) {
			a := open(ctx, "a")
			a.Wait()
			b := open(context.WithoutCancel(a.Context()), "b")
			wantOutline(t, "(root)(b)")
			b.Wait()
		},
		"with a context that another observer makes": func(t *testing.T, ctx context.Context, g *intGroup) {
			a := group.New[int](ctx, group.Name("a"), group.Observe(func(ctx context.Context, e group.Event) context.Context {
				return context.WithValue(ctx, burdenKey{}, e.Kind)
			}))
			a.Go(obedient, group.Name("x"))
			wantOutline(t, "(root(a x))")
			a.Cancel(nil)
			a.Wait()
		},
		"with a context that another observer leaves ours out of": func(t *testing.T, ctx context.Context, g *intGroup) {
			a := group.New[int](ctx, group.Name("a"), group.Observe(func(ctx context.Context, e group.Event) context.Context {
				if e.Kind == group.ScopeOpened {
					return context.Background() // which it must not
				}
				return nil
			}))
			a.Go(obedient, group.Name("x"))
			wantOutline(t, "(root(a))")
			a.Cancel(nil)
			a.Wait()
		},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
					f(t, ctx, g)
					g.Cancel(nil)
					return nil
				}, observed("root"))
			})
		})
	}
}

// A scope that is opened while the one around ends is nobody's, and becomes a root.
func TestTree_Orphan(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, late := range []bool{false, true} { // before the tree hears of the end, and after
			var orphan *intGroup
			var inside context.Context
			opener := group.Observe(func(ctx context.Context, e group.Event) context.Context {
				if e.Kind == group.ScopeEnded && orphan == nil {
					orphan = group.New[int](context.WithoutCancel(inside), group.Name("orphan"))
				}
				return nil
			})
			opts := []group.Option{opener, observed("root")}
			if late {
				slices.Reverse(opts)
			}
			group.Run(t.Context(), func(ctx context.Context, g *intGroup) error { inside = ctx; return nil }, opts...)
			wantOutline(t, "(orphan)")
			orphan.Wait()
			wantOutline(t, "")
		}
	})
}

// A deep tree takes neither the square of its depth to write, nor more indentation than a line holds.
func TestTree_Deep(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const depth = 1000
		ctx := t.Context()
		gs := make([]*intGroup, depth)
		gs[0] = group.New[int](ctx, observed("0"))
		for i := 1; i < depth; i++ {
			gs[i] = group.New[int](gs[i-1].Context(), group.Name(fmt.Sprint(i)))
		}
		gs[depth-1].Go(obedient)
		synctest.Wait()
		for _, f := range []debug.Format{debug.Text, debug.JSON, debug.Mermaid, debug.HTML} {
			if text := dump(t, f); len(text) > depth*1200 || !strings.Contains(text, "999") {
				t.Errorf("%s: %d bytes for %d scopes", f, len(text), depth)
			}
		}
		gs[0].Cancel(nil)
		for i := depth - 1; i >= 0; i-- {
			gs[i].Wait()
		}
	})
}

// The contexts of observed scopes are what they are without: derived ones cost no goroutine, and their ends and causes come through.
func TestContexts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), burdenKey{}, "value"))
		g := group.New[int](ctx, observed("g"))
		g.Go(func(ctx context.Context) (int, error) {
			return within("inner", func(ctx context.Context, g *intGroup) error {
				g.Go(func(ctx context.Context) (int, error) {
					ctx, stop := context.WithCancel(ctx)
					defer stop()
					if v := ctx.Value(burdenKey{}); v != "value" {
						t.Errorf("the value is %v", v)
					}
					<-ctx.Done()
					if err := context.Cause(ctx); err != errWhy {
						t.Errorf("the cause is %v", err)
					}
					return 0, nil
				})
				return nil
			})(ctx)
		})
		synctest.Wait()
		if n := testutil.LibraryGoroutines(); n != 2 {
			t.Errorf("%d goroutines for two tasks", n)
		}
		stacks := make([]byte, 1<<20)
		if s := string(stacks[:runtime.Stack(stacks, true)]); strings.Contains(s, "propagateCancel") {
			t.Errorf("a goroutine of the context package:\n%s", s)
		}
		cancel(errWhy)
		g.Wait()
	})
}

var errWhy = fmt.Errorf("why")
