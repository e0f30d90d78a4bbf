// Package groupotel gives the scopes of package group, and their tasks, spans of OpenTelemetry.
//
//	group.Run(ctx, body, group.Name("crawl"), groupotel.Observe(otel.GetTracerProvider()))
//
// The span of a scope lies in that of the task that opened it, or in whatever span ctx has; that of a task lies in its scope's. The context
// of a task has its span, so that what the task does with others lies within. Scopes below have spans as well, without being asked to.
//
// # What becomes of errors
//
// A task that failed, and a scope that did not succeed, has the status Error and the error as an exception. A task that was
// cancelled has not, nor has a scope whose only trouble is that it was cancelled from above: the one who cancelled knows why. The attribute
// creche.outcome is Succeeded, Failed, Canceled or NotStarted. A task that never began has a span without extent.
//
// Elements of the loops of package iter are no tasks. The same observer must not be given to a scope and to one below it: spans of tasks that never
// began would be there twice.
package groupotel
