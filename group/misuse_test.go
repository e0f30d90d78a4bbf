package group_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// opened returns a scope that has ended, and the place in this file where it was opened.
func opened(t *testing.T, how string, opts ...group.Option) (g *intGroup, site string) {
	t.Helper()
	here := func() {
		_, _, line, _ := runtime.Caller(1)
		site = fmt.Sprintf("misuse_test.go:%d", line+1)
	}
	here()
	keep := func(_ context.Context, rg *intGroup) error { g = rg; return nil }
	switch how {
	case "New":
		here()
		g = group.New[int](t.Context(), opts...)
		g.Wait()
	case "New, used":
		here()
		g = group.New[int](t.Context(), opts...)
		g.Go(value(1))
		g.Wait()
	case "New, failed":
		here()
		g = group.New[int](t.Context(), opts...)
		g.Go(failing(errBoom))
		g.Wait()
	case "Run":
		here()
		group.Run(t.Context(), func(_ context.Context, rg *intGroup) error { g = rg; return nil }, opts...)
	case "Run, panicked":
		defer func() { recover() }()
		here()
		group.Run(t.Context(), func(_ context.Context, rg *intGroup) error { g = rg; panic(errBoom) }, opts...)
	case "Run, body from elsewhere":
		group.Run(t.Context(), keep, opts...)
	}
	return g, site
}

func TestL2_SE05_MI01_MI05_GoAfterTheEnd(t *testing.T) {
	tests := []struct{ how, reason string }{
		{"New", "refused even if no task was ever spawned (MI-05)"},
		{"New, used", "the plain case"},
		{"New, failed", "an ended scope is no longer merely cancelled"},
		{"Run", "the scope left its body"},
		{"Run, panicked", "in a hurry"},
		{"Run, body from elsewhere", "the line of the call, not of the body"},
	}
	ran := false
	fn := func(context.Context) (int, error) { ran = true; return 0, nil }
	calls := map[string]func(g *intGroup){
		"Go":    func(g *intGroup) { g.Go(fn) },
		"Do":    func(g *intGroup) { g.Do(func(context.Context) error { ran = true; return nil }) },
		"TryGo": func(g *intGroup) { g.TryGo(fn) },
		"group.Go": func(g *intGroup) {
			group.Go(g, func(context.Context) (string, error) { ran = true; return "", nil })
		},
	}
	for _, tt := range tests {
		for _, name := range []string{"", "download"} {
			for call, f := range calls {
				testutil.Bubble(t, fmt.Sprintf("%s on %s %q", call, tt.how, name), func(t *testing.T) {
					var opts []group.Option
					if name != "" {
						opts = append(opts, group.Name(name))
					}
					g, site := opened(t, tt.how, opts...)
					text, ok := testutil.PanicOf(t, func() { f(g) }).(string)
					if !ok || !strings.HasPrefix(text, "group: ") {
						t.Errorf("the panic is %q, want a text that names the package", text)
					}
					for _, want := range []string{"after the end of scope", name, site} {
						if !strings.Contains(text, want) {
							t.Errorf("the panic %q does not hold %q: %s", text, want, tt.reason)
						}
					}
					synctest.Wait()
					if ran {
						t.Error("the refused function ran")
					}
				})
			}
		}
	}
}

func TestL2_MI09_NilsPanicAtTheCall(t *testing.T) {
	g := group.New[int](t.Context())
	defer g.Wait()
	var noContext context.Context
	tests := []struct {
		want   string
		call   func()
		reason string
	}{
		{"group: Go needs a function, got nil", func() { g.Go(nil) }, "not in the goroutine"},
		{"group: Do needs a function, got nil", func() { g.Do(nil) }, "each says its own name"},
		{"group: TryGo needs a function, got nil", func() { g.TryGo(nil) }, "each says its own name"},
		{"group: Go needs a function, got nil", func() { group.Go[string](g, nil) }, "of another type"},
		{"group: Run needs a body, got nil", func() { group.Run[int](t.Context(), nil) }, "nothing to run"},
		{"group: Run needs a context, got nil", func() { group.Run(noContext, noBody) }, "no parent"},
		{"group: New needs a context, got nil", func() { group.New[int](noContext) }, "no parent"},
		{"group: option 1 is nil", func() { group.New[int](t.Context(), group.FailFast(), nil) }, "says which one"},
		{"group: option 1 is nil", func() { group.Run(t.Context(), noBody, group.FailFast(), nil) }, "says which one"},
		{"group: option 1 is nil", func() { group.Options(group.FailFast(), nil) }, "a list is checked when it is made"},
		{"group: option 1 is nil", func() { g.Go(value(1), group.Name("x"), nil) }, "task options too"},
	}
	for _, tt := range tests {
		if got := testutil.PanicOf(t, tt.call); got != tt.want {
			t.Errorf("panic is %q, want %q: %s", got, tt.want, tt.reason)
		}
	}
}

// Whoever holds the group may spawn, join and cancel: child, grandchild or stranger.
func TestMI03_AnyGoroutineMayUseAnOpenScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() { g.Go(value(i)) })
			}
			g.Go(func(context.Context) (int, error) {
				g.Go(func(context.Context) (int, error) {
					g.Go(value(8))
					return 8, nil
				})
				return 8, nil
			})
			wg.Wait()
			return nil
		})
		testutil.WantFailures(t, err)
		sum := 0
		for _, v := range vs {
			sum += v
		}
		if len(vs) != 11 || sum != 28+24 {
			t.Errorf("values %v, want 0 to 7 and three times 8", vs)
		}
	})
}

func TestMI12_ValuesAreNotAliased(t *testing.T) {
	g := group.New[int](t.Context())
	g.Go(value(1))
	g.Go(value(2))
	first, _ := g.Wait()
	testutil.WantValues(t, first, 1, 2)
	first[0] = 99
	_ = append(first[:1], 98)
	second, err := g.Wait()
	testutil.WantFailures(t, err)
	testutil.WantValues(t, second, 1, 2)
}

// What Unwrap hands out is the caller's own as well.
func TestMI12_FailuresAreNotAliased(t *testing.T) {
	g := group.New[int](t.Context(), group.KeepGoing(), group.Limit(1))
	g.Go(failing(errBoom), group.Name("a"))
	g.Go(failing(errOther), group.Name("b"))
	_, err := g.Wait()
	errs := testutil.ScopeError(t, err).Unwrap()
	errs[0] = errWhy
	if errors.Is(err, errWhy) {
		t.Error("a change to what Unwrap gave reached the error")
	}
	testutil.WantFailures(t, err, entry{"a", 0, errBoom}, entry{"b", 1, errOther})
}

// A misused call cancels nothing and fails nobody.
func TestMI01_MisuseLeavesTheScopeAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vs, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
			task := g.Go(sleeping(time.Second, 7))
			testutil.PanicOf(t, func() { g.Go(nil) })
			if ctx.Err() != nil {
				t.Error("misuse cancelled the scope")
			}
			synctest.Wait()
			wantState(t, task, group.Running)
			return nil
		})
		testutil.WantFailures(t, err)
		testutil.WantValues(t, vs, 7)
	})
}
