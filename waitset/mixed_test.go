package waitset_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
	"github.com/creche-go/creche/waitset"
)

// Work against the loss of what it needs: two types of result, and who waits may be cancelled.
func TestW3_CI02_MixedSetAndSwitch(t *testing.T) {
	errLost := errors.New("lost")
	serve := func(ctx context.Context, working, lasting time.Duration) (string, error) {
		var work *group.Task[string]
		_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[string]) error {
			work = g.Go(func(ctx context.Context) (string, error) {
				select {
				case <-time.After(working):
					return "page", nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			})
			lost := group.Go(g, func(ctx context.Context) (int, error) {
				select {
				case <-time.After(lasting):
					return 1006, nil
				case <-ctx.Done():
					return 0, ctx.Err()
				}
			})
			h, ok := waitset.New[group.Handle](work, lost).Next(ctx)
			if !ok {
				return context.Cause(ctx)
			}
			switch h {
			case work:
				lost.Cancel(nil)
			case lost:
				code, err := lost.Result()
				if err != nil {
					return err // it was cancelled, as was this wait
				}
				want(t, "the value of the other type", code, 1006)
				return errLost
			default:
				t.Errorf("the set hands out %v, which is neither", h)
			}
			return nil
		})
		if err != nil {
			return "", err
		}
		return work.Result()
	}
	tests := []struct {
		name             string
		working, lasting time.Duration
		page             string
		err              error
		took             time.Duration
		reason           string
	}{
		{"work is done", time.Second, time.Minute, "page", nil, time.Second, "the other is cancelled"},
		{"lost", time.Minute, time.Second, "", errLost, time.Second, "the work is cancelled"},
		{"cancelled", time.Hour, time.Hour, "", errWhy, 10 * time.Minute, "both are"},
	}
	for _, tc := range tests {
		testutil.Bubble(t, tc.name, func(t *testing.T) {
			start := time.Now()
			page, err := serve(testutil.CancelledIn(t.Context(), 10*time.Minute, errWhy), tc.working, tc.lasting)
			want(t, tc.reason, page, tc.page)
			want(t, tc.reason, err, tc.err)
			wantSince(t, start, tc.took)
		})
	}
}

// All that a set can do it can do with handles of several types.
func TestWM02_MixedWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[int](t.Context(), group.KeepGoing())
		defer g.Wait()
		number := g.Go(after(3*time.Second, 3), group.Name("number"))
		word := group.Go(g, func(context.Context) (string, error) {
			time.Sleep(time.Second)
			return "one", nil
		}, group.Name("word"))
		nothing := g.Do(func(context.Context) error {
			time.Sleep(2 * time.Second)
			return errBoom
		}, group.Name("nothing"))
		done, pending, err := waitset.Wait[group.Handle](t.Context(), waitset.FirstCompleted, number, word, nothing, word)
		want(t, "error", err, nil)
		wantPartition(t, done, pending, "word", "number nothing")
		if done[0] != word {
			t.Error("what is done is not the very handle")
		}
		done, pending, err = waitset.Wait(t.Context(), waitset.FirstError, pending...)
		want(t, "error", err, nil)
		wantPartition(t, done, pending, "nothing", "number")
		want(t, "error of the task", done[0].Err(), errBoom)
		set := waitset.New(pending...)
		want(t, "Remove of another", set.Remove(word), false)
		want(t, "Remove", set.Remove(number), true)
		if h, ok := set.Next(t.Context()); h != nil || ok {
			t.Errorf("an empty set gives %v, %v", h, ok)
		}
	})
}

// A handle can be the key of a map, which tells what a task of the set was for.
func TestCI02_HandlesAsKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := group.New[struct{}](t.Context())
		purpose := map[group.Handle]string{}
		set := waitset.New[group.Handle]()
		for i, s := range []string{"c", "a", "b"} {
			var h group.Handle
			sleep := time.Duration((i+2)%3) * time.Second
			switch i {
			case 0:
				h = group.Go(g, after(sleep, i))
			case 1:
				h = g.Do(func(context.Context) error { time.Sleep(sleep); return nil })
			default:
				h = group.Go(g, func(context.Context) (string, error) { time.Sleep(sleep); return "", nil })
			}
			purpose[h] = s
			set.Add(h)
		}
		var order string
		for h := range set.All(t.Context()) {
			order += purpose[h]
		}
		want(t, "order", order, "abc")
		_, err := g.Wait()
		want(t, "error", err, nil)
	})
}
