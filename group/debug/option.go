package debug

import (
	"fmt"
	"time"
)

// Option changes what [Look], [Dump] and [Handler] do.
type Option func(*settings)

type settings struct {
	old       time.Duration
	stacks    bool
	anyClient bool
	words     []string // that the filter of the page has
}

func settingsOf(opts []Option) settings {
	s := settings{old: 10 * time.Minute}
	for _, o := range opts {
		o(&s)
	}
	return s
}

// OlderThan sets the age from which on tasks that run, and scopes that have nothing to do and that only a call of Wait can end, are warned
// of. It is ten minutes otherwise; with 0 there are no such warnings.
func OlderThan(d time.Duration) Option {
	if d < 0 {
		panic(fmt.Sprintf("debug: OlderThan needs d ≥ 0, got %v", d))
	}
	return func(s *settings) { s.old = d }
}

// Stacks tells for each task that runs where it does: its innermost function that belongs neither to the standard library nor to Creche, and
// what its goroutine waits for.
//
// That is read from the goroutine profile, which stops the whole program while it is written: for a millisecond, or for a second if there are
// a hundred thousand goroutines. The tasks themselves pay nothing for it. What a task's function has started with a go statement is not seen.
// Profiles are cut at 64 MB, and some processors and ways to build leave out what is needed: then tasks are without it.
func Stacks() Option { return func(s *settings) { s.stacks = true } }

// AnyClient lets a [Handler] answer whoever asks, and not only clients on the same machine. Names of tasks, lines of source code and the
// texts of errors are not for everybody: whoever uses this puts something before the handler that knows who may see them.
func AnyClient() Option { return func(s *settings) { s.anyClient = true } }
