// Package timeline records when tasks were started, began and ended, and draws that.
//
//	r := timeline.New(30_000) // events, three a task
//	group.Run(ctx, body, r.Observe())
//	file, err := os.Create("timeline.html")
//	...
//	err = r.WriteHTML(file)
//
// There are three formats: [Recorder.WriteHTML] for a page with a picture and tables, [Recorder.WriteSVG] for the picture alone, and
// [Recorder.WriteTrace] for the viewers ui.perfetto.dev and chrome://tracing. Each may be written at any time; what still runs then goes up to the
// right edge.
//
// # How to read a picture
//
// Each task has a row below its scope: a dotted line while it waits for its turn, and a bar while it runs, in the colour of what came of it. A
// frame marks the critical path: what ended last, before it what had ended last when that began, and so on. Who waits for whom is not
// recorded, so that is a guess: a server, say, that is closed in the end is taken for what all have waited for. Daemons are not. A picture has
// no more than a thousand tasks, and says so if there were more; a trace has all.
//
// # What it costs
//
// A task that does nothing takes five times as long when it is recorded as when nobody observes it, which is less than 200 ns more on
// machines of 2026, half of that for reading the clock. It costs no allocation; a scope costs two or three. The memory is bounded: when the
// buffer is full each event takes the place of the oldest, and whatever is written says how many are missing. A task whose beginning is
// among those is drawn from the left edge on, and counts in no percentile. Of open scopes it is always known where they lie.
//
// Names are kept, but neither values nor errors. Whoever opens a file sees these names; there is no other way by which they can do harm, whatever they
// are. Elements of the loops of package iter are no tasks: a loop is a scope without any.
package timeline
