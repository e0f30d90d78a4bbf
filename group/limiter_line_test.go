package group_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

// First come, first served among scopes; and nobody slips past a heavy one that waits for room.
func TestS3_FirstComeFirstServed(t *testing.T) {
	type task struct {
		scope   string
		name    string
		weight  int
		seconds int
	}
	tests := []struct {
		name   string
		size   int
		tasks  []task // submitted in this order, at once
		want   map[string]int
		reason string
	}{
		{"scopes in turn", 1, []task{{"a", "a1", 1, 1}, {"b", "b1", 1, 1}, {"c", "c1", 1, 1}, {"d", "d1", 1, 1}},
			map[string]int{"a1": 0, "b1": 1, "c1": 2, "d1": 3}, "in the order of their coming"},
		{"fifo within", 1, []task{{"a", "a1", 1, 1}, {"a", "a2", 1, 1}, {"a", "a3", 1, 1}},
			map[string]int{"a1": 0, "a2": 1, "a3": 2}, "a scope's own tasks in theirs"},
		{"heavy within", 3, []task{{"a", "a1", 1, 4}, {"a", "heavy", 3, 1}, {"a", "a2", 1, 1}},
			map[string]int{"a1": 0, "heavy": 4, "a2": 5}, "there is room for a2 all the time, but it is not its turn"},
		{"heavy of another", 3, []task{{"a", "a1", 1, 4}, {"b", "heavy", 3, 1}, {"c", "c1", 1, 1}},
			map[string]int{"a1": 0, "heavy": 4, "c1": 5}, "nor is it c1's"},
		{"fits beside", 3, []task{{"a", "a1", 1, 4}, {"b", "b1", 2, 1}, {"c", "c1", 1, 1}},
			map[string]int{"a1": 0, "b1": 0, "c1": 1}, "what has room begins at once"},
		{"two after a heavy one", 3, []task{{"a", "heavy", 3, 2}, {"b", "b1", 2, 1}, {"c", "c1", 1, 1}, {"d", "d1", 1, 1}},
			map[string]int{"heavy": 0, "b1": 2, "c1": 2, "d1": 3}, "the room of a heavy one is for as many as fit"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			s := newScale()
			shared := group.SharedLimit(group.NewLimiter(tt.size))
			scopes := make(map[string]*intGroup)
			var all []*intGroup
			for _, task := range tt.tasks {
				g := scopes[task.scope]
				if g == nil {
					g = group.New[int](t.Context(), shared)
					scopes[task.scope], all = g, append(all, g)
				}
				g.Go(s.work(task.name, task.weight, time.Duration(task.seconds)*time.Second), group.Weight(task.weight))
				synctest.Wait() // it is in, or in the line
			}
			waitAll(t, all...)
			t.Log(tt.reason)
			s.wantBegun(t, tt.want)
		})
	}
}

// Light tasks come and come. A heavy one gets its turn when those that were before it have ended.
func TestS3_HeavyTasksDoNotStarve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScale()
		shared := group.SharedLimit(group.NewLimiter(4))
		light, heavy := group.New[int](t.Context(), shared), group.New[int](t.Context(), shared)
		for i := range 100 {
			switch i {
			case 10:
				heavy.Go(s.work("heavy", 4, time.Second), group.Weight(4))
			default:
				light.Go(s.work("light", 1, time.Second))
			}
			time.Sleep(time.Second / 4) // as many as fit: there is never room for a heavy one
		}
		waitAll(t, light, heavy)
		if d := s.begun["heavy"]; d > 4*time.Second {
			t.Errorf("the heavy task came after 2.5 s and began after %v", d)
		}
		if s.most > 4 {
			t.Errorf("a weight of %d at once", s.most)
		}
	})
}

// Who is cancelled in the line leaves it, and those behind move up.
func TestS3_CancelledInTheLine(t *testing.T) {
	cancels := map[string]func(heavy *intGroup, task *intTask, stop context.CancelFunc){
		"scope":  func(heavy *intGroup, _ *intTask, _ context.CancelFunc) { heavy.Cancel(nil) },
		"task":   func(_ *intGroup, task *intTask, _ context.CancelFunc) { task.Cancel(nil) },
		"parent": func(_ *intGroup, _ *intTask, stop context.CancelFunc) { stop() },
	}
	for name, cancel := range cancels {
		testutil.Bubble(t, name, func(t *testing.T) {
			s := newScale()
			shared := group.SharedLimit(group.NewLimiter(3))
			first, last := group.New[int](t.Context(), shared), group.New[int](t.Context(), shared)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			heavy := group.New[int](ctx, shared)
			first.Go(s.work("first", 1, time.Hour))
			synctest.Wait()
			task := heavy.Go(s.work("heavy", 3, time.Second), group.Weight(3))
			synctest.Wait()
			last.Go(s.work("last", 1, time.Second))
			time.Sleep(5 * time.Second)
			cancel(heavy, task, stop)
			heavy.Wait()
			wantState(t, task, group.NotStarted)
			waitAll(t, first, last)
			s.wantBegun(t, map[string]int{"first": 0, "last": 5})
		})
	}
}

// What a light task does not need after a heavy one is for others, also if nobody was waiting when it began.
func TestS3_LightAfterHeavy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScale()
		shared := group.SharedLimit(group.NewLimiter(3))
		a, b := group.New[int](t.Context(), shared), group.New[int](t.Context(), shared)
		a.Go(s.work("heavy", 3, 0), group.Weight(3)) // no time for anybody to ask for a turn
		a.Go(s.work("light", 1, time.Minute))
		time.Sleep(3 * time.Second)
		b.Go(s.work("other", 2, time.Second), group.Weight(2))
		waitAll(t, a, b)
		s.wantBegun(t, map[string]int{"heavy": 0, "light": 0, "other": 3})
	})
}

// The task for which the scope has queued up is gone when its turn comes, and the next one is heavier.
func TestS3_HeavyBehindACancelledTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScale()
		shared := group.SharedLimit(group.NewLimiter(3))
		a, b, c := group.New[int](t.Context(), shared), group.New[int](t.Context(), shared), group.New[int](t.Context(), shared)
		b.Go(s.work("b1", 2, 5*time.Second), group.Weight(2))
		b.Go(s.work("b2", 1, 6*time.Second))
		synctest.Wait()
		light := a.Go(s.work("light", 1, time.Second))
		a.Go(s.work("heavy", 3, time.Second), group.Weight(3))
		synctest.Wait()
		c.Go(s.work("c", 1, time.Second))
		time.Sleep(tick)
		light.Cancel(nil)
		waitAll(t, a, b, c)
		// Whether c may go first, as that turn was not used, is open; that the heavy one comes on, and has all it needs, is not.
		if d := s.begun["heavy"]; s.most > 3 || d < 6*time.Second || d > 7*time.Second {
			t.Errorf("the heavy task began after %v; a weight of %d at once; the order was %v", d, s.most, s.order)
		}
	})
}

func TestS3_TryGoAtASharedLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := group.SharedLimit(group.NewLimiter(3))
		a, b := group.New[int](t.Context(), shared), group.New[int](t.Context(), shared)
		a.Go(sleeping(time.Second, 1), group.Weight(2))
		synctest.Wait()
		if _, ok := b.TryGo(value(0), group.Weight(2)); ok {
			t.Error("TryGo lets in what does not fit")
		}
		if _, ok := b.TryGo(sleeping(time.Second, 2)); !ok {
			t.Error("TryGo refuses what fits")
		}
		if _, ok := a.TryGo(value(0)); ok {
			t.Error("TryGo lets a task in although the limiter is full")
		}
		time.Sleep(2 * time.Second)
		if _, ok := b.TryGo(value(3), group.Weight(3)); !ok {
			t.Error("TryGo refuses although all is free again")
		}
		waitAll(t, a, b)
	})
}

// More than there ever will be room for is a mistake of the program, and said at the call.
func TestL2_WeightAboveTheLimiter(t *testing.T) {
	g := group.New[int](t.Context(), group.SharedLimit(group.NewLimiter(3)))
	for name, call := range map[string]func(){
		"Go":       func() { g.Go(value(1), group.Weight(5)) },
		"Do":       func() { g.Do(func(context.Context) error { return nil }, group.Weight(5)) },
		"TryGo":    func() { g.TryGo(value(1), group.Weight(5)) },
		"group.Go": func() { group.Go(g, value("x"), group.Weight(5)) },
	} {
		text, _ := testutil.PanicOf(t, call).(string)
		if !strings.HasPrefix(text, "group: ") || !strings.HasSuffix(text, ": weight 5 is more than the limiter has (3)") {
			t.Errorf("%s panics with %q", name, text)
		}
		if name == "Go" && text != "group: Go: weight 5 is more than the limiter has (3)" {
			t.Errorf("Go panics with %q", text)
		}
	}
	g.Go(value(7), group.Weight(3))
	vs, err := g.Wait()
	testutil.WantFailures(t, err)
	testutil.WantValues(t, vs, 7)
	plain := group.New[int](t.Context(), group.Limit(1)) // there a weight weighs nothing
	plain.Go(value(7), group.Weight(5))
	_, err = plain.Wait()
	testutil.WantFailures(t, err)
}

// S4: a scope in the line asks for what its next task needs, and no more for a heavy one that has left the queue since.
func TestS4_TheLineForgetsAHeavyTask(t *testing.T) {
	for _, how := range []string{"it runs", "it is cancelled"} {
		testutil.Bubble(t, how, func(t *testing.T) {
			l := group.SharedLimit(group.NewLimiter(3))
			other := group.New[int](t.Context(), l)
			other.Go(sleeping(time.Second, 0))
			g := group.New[int](t.Context(), l)
			first, lit := make(chan struct{}), make(chan struct{})
			g.Do(func(context.Context) error { <-first; return nil })
			synctest.Wait()
			heavy := g.Do(func(context.Context) error { <-lit; return nil }, group.Weight(2))
			synctest.Wait() // the scope is in the line for two places
			light := g.Do(func(context.Context) error { close(lit); return nil })
			if how == "it runs" {
				close(first)                // and its goroutine takes the heavy one along
				time.Sleep(2 * time.Second) // now one place is free
			} else {
				heavy.Cancel(nil)
				defer close(first)
			}
			synctest.Wait()
			if state := light.State(); state != group.Succeeded {
				t.Errorf("there is a place for the light one, which is %v", state)
				return
			}
			if how == "it runs" {
				g.Wait()
			}
			other.Wait()
		})
	}
}

// S3: the places of a task that TryGo started are its own business, although it stands in the queue. Who came by there took the one that it
// had lent for its own, and gave it back to nobody.
func TestS3_TryGoLends(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			_, err := group.Run(t.Context(), func(_ context.Context, g *group.TaskGroup[int]) error {
				light := make(chan struct{})
				g.Do(func(context.Context) error {
					g.Do(func(context.Context) error { close(light); return nil })
					return nil
				})
				blocked := g.Do(func(context.Context) error { <-light; return nil })
				g.TryGo(func(ctx context.Context) (int, error) { return blocked.Wait(ctx) })
				return nil
			}, group.SharedLimit(group.NewLimiter(2)))
			testutil.WantFailures(t, err)
		})
	}
}

// S3: a task that ends while a goroutine which it has left behind lends its place has none to give back.
func TestS3_ATaskEndsWhileItLends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := group.New[int](t.Context())
		slow := other.Go(sleeping(time.Hour, 0))
		g := group.New[int](t.Context(), group.SharedLimit(group.NewLimiter(1)))
		g.Do(func(ctx context.Context) error {
			go slow.Wait(ctx)
			time.Sleep(time.Second)
			return nil
		})
		time.Sleep(time.Minute)
		start := time.Now()
		g.Go(sleeping(time.Second, 0))
		g.Go(sleeping(time.Second, 0))
		g.Wait()
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("two tasks of a second took %v under a limiter of one", d)
		}
		slow.Cancel(nil)
		other.Wait()
	})
}
