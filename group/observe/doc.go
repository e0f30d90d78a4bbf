// Package observe tells what a program has already, its log, the execution tracer and the profiler, of scopes and their tasks.
//
//	group.Run(ctx, body, group.Name("crawl"),
//		observe.Log(slog.Default()),
//		observe.Trace(),
//		observe.Labels())
//
// Scopes that are opened within this one have the same observers. It does no harm if one of those gets an observer for a second time, but
// for [Log], which writes then whatever it is told.
//
// A scope without a name is called after the line that opened it, and a task after its function.
//
// # What they cost
//
// A task that does nothing takes twice as long if its scope has any observer, which is some tens of nanoseconds. To that adds
//
//   - Log what the logger takes, three times a task if it is enabled for what is told, and next to nothing if it is not;
//   - Trace next to nothing while no trace is being recorded, and two allocations while one is;
//   - Labels two thirds of that, and no allocation.
package observe
