// Package temporalgroup makes task functions of activities and workflows that run on a Temporal cluster, for scopes of package group, sets of
// package waitset and loops of package iter:
//
//	resize := temporalgroup.Options{StartActivityOptions: client.StartActivityOptions{TaskQueue: "images", StartToCloseTimeout: time.Minute}}
//	sizes, err := group.Run(ctx, func(_ context.Context, g *group.TaskGroup[int]) error {
//		for _, image := range images {
//			g.Go(temporalgroup.Activity[int](c, resize, Resize, image), group.Name(image))
//		}
//		return nil
//	}, group.Limit(128))
//
// # What is kept of a scope's promises, and what is not
//
//   - No task outlives its scope here, and none is left to itself there: when the scope is cancelled the remote side is asked to cancel, and
//     the task ends when that has confirmed it. After [Options].Grace the task ends with [ErrAbandoned]: what it started may still run.
//   - A server that cannot be reached is waited for as long as the task is not cancelled. A call that gets no answer is made again, and
//     joins what it may have started the first time.
//   - Cancelling reaches an activity only if it sends heartbeats: between them it does not hear anything.
//   - Work is done at least once if there may be retries, and at most once otherwise. Without a retry policy of the caller's there is
//     one attempt: an activity that is retried without end would keep its scope open for ever. Even with one attempt two executions may overlap,
//     if a worker hangs until its time is over and goes on then.
//   - If this process dies, what it started goes on until its own time is over. A deadline of the context becomes the schedule-to-close timeout,
//     which bounds that.
//   - With [Options].Key a second start of the same work, by a process that was restarted say, joins the first, or gets its result.
//
// Values go through the client's data converter. It needs a server of version 1.31 or later with standalone activities enabled.
package temporalgroup
