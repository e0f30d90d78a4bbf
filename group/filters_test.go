package group_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/testutil"
)

var (
	errMapped  = errors.New("mapped")
	errStopped = errors.New("stopped") // what a database driver says instead of context.Canceled
)

// to maps what is from to another error, and leaves the rest as it is.
func to(from, other error) group.Option {
	return group.MapError(func(err error) error {
		if errors.Is(err, from) {
			return other
		}
		return err
	})
}

func isStopped(err error) bool { return err == errStopped }

// A task and, in its own row, a body fail with err in a live scope.
func TestE4_FiltersOfRealErrors(t *testing.T) {
	isEOF := func(err error) bool { return err == io.EOF }
	wrapped := fmt.Errorf("read: %w", io.EOF)
	tests := []struct {
		name   string
		opts   []group.Option
		err    error
		want   error // nil: no failure
		reason string
	}{
		{"none", nil, io.EOF, io.EOF, "nothing is filtered unasked"},
		{"Ignore", []group.Option{group.Ignore(io.EOF)}, io.EOF, nil, "the plain case"},
		{"Ignore wrapped", []group.Option{group.Ignore(io.EOF)}, wrapped, nil, "by errors.Is"},
		{"Ignore wrapper", []group.Option{group.Ignore(wrapped)}, io.EOF, io.EOF, "not the other way round"},
		{"Ignore several", []group.Option{group.Ignore(errOther, io.EOF)}, io.EOF, nil, "any of them"},
		{"Ignore twice", []group.Option{group.Ignore(io.EOF), group.Ignore(errOther)}, io.EOF, nil, "filters accumulate"},
		{"Ignore in a list", []group.Option{group.Options(group.Ignore(io.EOF)), group.Options(group.Ignore(errOther))}, io.EOF, nil,
			"also through lists"},
		{"Ignore another", []group.Option{group.Ignore(errOther)}, io.EOF, io.EOF, "no more than was said"},
		{"IgnoreFunc", []group.Option{group.IgnoreFunc(isEOF)}, io.EOF, nil, "the plain case"},
		{"IgnoreFunc wrapped", []group.Option{group.IgnoreFunc(isEOF)}, wrapped, io.EOF, "it is asked of the error itself"},
		{"IgnoreFunc and Ignore", []group.Option{group.IgnoreFunc(isEOF), group.Ignore(errOther)}, errOther, nil, "each has a say"},
		{"MapError", []group.Option{to(io.EOF, errMapped)}, io.EOF, errMapped, "the plain case"},
		{"MapError to nil", []group.Option{to(io.EOF, nil)}, io.EOF, nil, "mapped away"},
		{"MapError to nil, twice", []group.Option{to(io.EOF, nil), group.MapError(func(error) error { return errMapped })}, io.EOF, nil,
			"nothing is left to map"},
		{"MapError twice", []group.Option{to(io.EOF, errOther), to(errOther, errMapped)}, io.EOF, errMapped, "in order"},
		{"MapError twice, wrong way", []group.Option{to(errOther, errMapped), to(io.EOF, errOther)}, io.EOF, errOther, "and each once"},
		{"map, ignore the result", []group.Option{to(io.EOF, errMapped), group.Ignore(errMapped)}, io.EOF, nil, "MapError comes first"},
		{"ignore the result, map", []group.Option{group.Ignore(errMapped), to(io.EOF, errMapped)}, io.EOF, nil, "whatever the order given"},
		{"ignore, map", []group.Option{group.Ignore(io.EOF), to(io.EOF, errMapped)}, io.EOF, errMapped, "Ignore sees what was mapped"},
		{"Echo", []group.Option{group.Echo(isStopped)}, errStopped, errStopped, "in a live scope nothing is an echo"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name+" of a task", func(t *testing.T) {
			g := group.New[int](t.Context(), tt.opts...)
			task := g.Go(failingAfter(tick, tt.err), group.Name("task"))
			rest := g.Go(patient(time.Second, 7))
			vs, err := g.Wait()
			t.Log(tt.reason)
			wantState(t, task, group.Failed)
			if got := task.Err(); got != tt.err {
				t.Errorf("the handle's error is %v, want what the function returned", got)
			}
			if tt.want == nil {
				testutil.WantFailures(t, err)
				testutil.WantValues(t, vs, 7)
				return
			}
			testutil.WantFailures(t, err, entry{"task", 0, tt.want})
			wantState(t, rest, group.Canceled)
			if cause, f := context.Cause(g.Context()), testutil.ScopeError(t, err).Failures[0]; cause != error(f) {
				t.Errorf("the cause is %v, want the failure that is reported, %v", cause, f)
			}
		})
		testutil.Bubble(t, tt.name+" of the body", func(t *testing.T) {
			vs, err := group.Run(t.Context(), func(_ context.Context, g *intGroup) error {
				g.Go(patient(time.Second, 7))
				time.Sleep(tick)
				return tt.err
			}, tt.opts...)
			t.Log(tt.reason)
			if tt.want == nil { // and so it does not cancel
				testutil.WantFailures(t, err)
				testutil.WantValues(t, vs, 7)
				return
			}
			testutil.WantFailures(t, err, entry{"body", -1, tt.want})
			testutil.WantValues(t, vs)
		})
	}
}

// What a cancelled task makes of a driver's own word for it.
func TestE2_EchoesOfOnesOwn(t *testing.T) {
	tests := []struct {
		name   string
		make   func(ctx context.Context) error
		real   error
		reason string
	}{
		{"itself", func(context.Context) error { return errStopped }, nil, "the plain case"},
		{"wrapped", func(context.Context) error { return fmt.Errorf("query: %w", errStopped) }, nil, "asked at each level"},
		{"joined echoes", func(ctx context.Context) error { return errors.Join(errStopped, ctx.Err()) }, nil, "both words for it"},
		{"joined", func(context.Context) error { return errors.Join(errStopped, errOther) }, errOther, "of each element"},
		{"deep", func(ctx context.Context) error {
			return fmt.Errorf("a: %w", errors.Join(fmt.Errorf("b: %w", errStopped), ctx.Err()))
		}, nil, "at every depth"},
		{"another", func(context.Context) error { return errOther }, errOther, "no more than was said"},
		{"plain", func(ctx context.Context) error { return ctx.Err() }, nil, "the usual echoes are still dropped"},
	}
	for _, tt := range tests {
		for _, place := range []string{"task", "body", "task alone"} {
			testutil.Bubble(t, tt.name+" from "+place, func(t *testing.T) {
				mapped := 0
				count := group.MapError(func(err error) error { mapped++; return err })
				fn := func(ctx context.Context) (int, error) {
					<-ctx.Done()
					return 0, tt.make(ctx)
				}
				var task *intTask
				_, err := group.Run(t.Context(), func(ctx context.Context, g *intGroup) error {
					if place == "body" {
						g.Cancel(nil)
						return tt.make(ctx)
					}
					task = g.Go(fn, group.Name("task"))
					time.Sleep(tick)
					if place == "task" {
						g.Cancel(nil)
					} else {
						task.Cancel(nil)
					}
					return nil
				}, count, group.Echo(func(error) bool { return false }), group.Echo(isStopped))
				t.Log(tt.reason)
				state := group.Canceled
				if tt.real == nil {
					testutil.WantFailures(t, err)
					if mapped != 0 {
						t.Error("MapError got an echo")
					}
				} else {
					want := entry{"task", 0, tt.real}
					if place == "body" {
						want = entry{"body", -1, tt.real}
					}
					testutil.WantFailures(t, err, want)
					state = group.Failed
					if errors.Is(err, errStopped) {
						t.Errorf("an echo is left in %v", err)
					}
				}
				if task != nil {
					wantState(t, task, state)
				}
			})
		}
	}
}

// Echo is no Ignore: as long as nobody cancels, nobody asks.
func TestE2_EchoIsNotAskedInALiveScope(t *testing.T) {
	g := group.New[int](t.Context(), group.KeepGoing(), group.Echo(func(error) bool {
		t.Error("Echo was asked in a live scope")
		return true
	}))
	g.Go(failing(errStopped), group.Name("task"))
	_, err := g.Wait()
	testutil.WantFailures(t, err, entry{"task", 0, errStopped})
}

// Filters come before the rule: what they take away is not counted, and what they make is what counts.
func TestE4_FiltersComeBeforeTheRule(t *testing.T) {
	tests := []struct {
		name   string
		opts   []group.Option
		want   []entry
		last   group.State
		reason string
	}{
		{"FailFast", []group.Option{group.FailFast(), group.Ignore(errBoom)},
			[]entry{{"1", 1, errOther}}, group.NotStarted, "the second failure is the first"},
		{"Tolerate", []group.Option{group.Tolerate(1), group.Ignore(errBoom)},
			nil, group.Succeeded, "one failure is left, and one is allowed"},
		{"Tolerate, mapped", []group.Option{group.Tolerate(1), to(errBoom, nil)},
			nil, group.Succeeded, "mapped away is the same"},
		{"Tolerate, mapped to another", []group.Option{group.Tolerate(1), to(errBoom, errMapped)},
			[]entry{{"0", 0, errMapped}, {"1", 1, errOther}}, group.NotStarted, "mapped is still a failure"},
		{"KeepGoing", []group.Option{group.IgnoreFunc(func(err error) bool { return err == errOther })},
			[]entry{{"0", 0, errBoom}}, group.NotStarted, "the first stops what comes after"},
	}
	for _, tt := range tests {
		testutil.Bubble(t, tt.name, func(t *testing.T) {
			g := group.New[int](t.Context(), append(tt.opts, group.Limit(1))...)
			g.Go(failing(errBoom), group.Name("0"))
			g.Go(failing(errOther), group.Name("1"))
			last := g.Go(value(7))
			_, err := g.Wait()
			t.Log(tt.reason)
			testutil.WantFailures(t, err, tt.want...)
			wantState(t, last, tt.last)
		})
	}
}
