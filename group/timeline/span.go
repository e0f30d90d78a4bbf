package timeline

import (
	"time"

	"github.com/creche-go/creche/group"
)

// span is a scope or a task on the timeline.
type span struct {
	name               string
	scope              bool
	index              int         // of a task
	state              group.State // of a scope too
	queued, start, end time.Duration
	timed              bool // when it was queued is known
	cut                bool // its beginning is no longer in the buffer: it is drawn from where that begins
	daemon             bool
	critical           bool
	below              []*span // of a scope: its tasks, and the scopes in its body; of a task: the scopes in it
}

// began reports whether it is more than a task that waits or never began.
func (s *span) began() bool { return s.state != group.Queued && s.state != group.NotStarted }

// ended reports whether it is over. What is not goes up to the end of the timeline.
func (s *span) ended() bool { return s.state >= group.Succeeded }

func (s *span) took() time.Duration   { return s.end - s.start }
func (s *span) waited() time.Duration { return s.start - s.queued }

// tree is all that was recorded, for those who draw it. Its times begin at 0.
type tree struct {
	roots   []*span
	end     time.Duration
	dropped uint64 // events that there was no room for
	cut     int    // tasks whose beginning was among them
}

// each calls f for all spans, the outer ones first.
func (t *tree) each(f func(s *span, depth int)) { each(t.roots, 0, f) }

func each(list []*span, depth int, f func(*span, int)) {
	for _, s := range list {
		f(s, depth)
		each(s.below, depth+1, f)
	}
}
