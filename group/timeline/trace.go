package timeline

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/creche-go/creche/group"
)

// WriteTrace writes what was recorded as JSON in Chrome's trace event format, which ui.perfetto.dev and chrome://tracing open. An outermost scope is a
// process there. Each scope has a track, followed by those of its tasks and of the scopes within; arrows lead from where a task was started, on the
// track of its scope, to where it began.
func (r *Recorder) WriteTrace(w io.Writer) error {
	t := r.tree()
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `{"displayTimeUnit":"ms","otherData":{"dropped events":%d,"tasks without a beginning":%d},"traceEvents":[`, t.dropped, t.cut)
	tr := tracer{out: out}
	for i, t := range tracks(t.roots, "") {
		tr.pid, tr.tid = i+1, 0
		tr.put(traceEvent{Phase: "M", Name: "process_name", Args: args{"name": t.path}})
		tr.track(t)
	}
	fmt.Fprint(out, "\n]}\n")
	if tr.err != nil {
		return tr.err
	}
	return out.Flush()
}

// traceEvent is one object of the format. Times are in microseconds.
type traceEvent struct {
	Phase    string  `json:"ph"`
	Name     string  `json:"name,omitempty"`
	Category string  `json:"cat,omitempty"`
	Process  int     `json:"pid"`
	Track    int     `json:"tid"`
	Time     float64 `json:"ts"`
	ID       int     `json:"id,omitempty"`
	Binding  string  `json:"bp,omitempty"`
	Scope    string  `json:"s,omitempty"`
	Color    string  `json:"cname,omitempty"` // chrome://tracing alone knows it
	Args     args    `json:"args,omitempty"`
}

type args map[string]any

type tracer struct {
	out      io.Writer
	err      error
	pid, tid int
	flows    int
	events   int
}

func (tr *tracer) put(e traceEvent) {
	if e.Process == 0 {
		e.Process, e.Track = tr.pid, tr.tid
	}
	line, err := json.Marshal(e)
	if tr.events++; tr.events > 1 {
		line = append([]byte(",\n"), line...)
	} else {
		line = append([]byte("\n"), line...)
	}
	if err == nil {
		_, err = tr.out.Write(line)
	}
	if tr.err == nil {
		tr.err = err
	}
}

// track writes t and what lies below it.
func (tr *tracer) track(t *track) {
	scopes := tr.row(t.path)
	for _, s := range t.scopes {
		tr.begin(s, "scope", nil)
		for _, task := range s.below {
			if task.state == group.NotStarted && !task.scope {
				tr.put(traceEvent{Phase: "i", Name: task.name, Category: "task", Time: micros(task.end), Scope: "t",
					Args: args{"index": task.index, "state": task.state.String()}})
			}
		}
		tr.end(s)
	}
	for i, lane := range t.lanes {
		tr.row(fmt.Sprintf("%s · %d", t.path, i+1))
		for _, s := range lane {
			if s.timed {
				tr.flows++
				tr.put(traceEvent{Phase: "s", Name: "start", Category: "spawn", Process: tr.pid, Track: scopes, Time: micros(s.queued), ID: tr.flows})
			}
			tr.begin(s, "task", args{"index": s.index, "state": s.state.String(), "waited": s.waited().String()})
			if s.timed {
				tr.put(traceEvent{Phase: "f", Name: "start", Category: "spawn", Time: micros(s.start), ID: tr.flows, Binding: "e"})
			}
			tr.end(s)
		}
	}
	for _, t := range t.below {
		tr.track(t)
	}
}

// row begins the next row, and returns its number.
func (tr *tracer) row(name string) int {
	tr.tid++
	tr.put(traceEvent{Phase: "M", Name: "thread_name", Args: args{"name": name}})
	tr.put(traceEvent{Phase: "M", Name: "thread_sort_index", Args: args{"sort_index": tr.tid}})
	return tr.tid
}

func (tr *tracer) begin(s *span, category string, a args) {
	if a == nil {
		a = args{"state": s.state.String()}
	}
	if s.critical {
		a["critical"] = true
	}
	if s.cut {
		a["cut"] = true
	}
	tr.put(traceEvent{Phase: "B", Name: s.name, Category: category, Time: micros(s.start), Color: colors[s.state], Args: a})
}

// end writes the end of s, if it is over: else the viewers draw it to the end.
func (tr *tracer) end(s *span) {
	if s.ended() {
		tr.put(traceEvent{Phase: "E", Time: micros(s.end)})
	}
}

var colors = map[group.State]string{group.Succeeded: "good", group.Failed: "terrible", group.Canceled: "bad"}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
