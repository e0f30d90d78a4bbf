// Package group runs tasks in scopes. A scope starts tasks, and does not end before the last of them has; it hands back every value and
// every error. It is errgroup with results, and with stricter promises:
//
//	counts, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[int]) error {
//		for _, name := range names {
//			g.Go(func(ctx context.Context) (int, error) { return count(ctx, name) })
//		}
//		return nil
//	}, group.Limit(8))
//
// # Lifetime
//
// [Run] and [TaskGroup.Wait] return when every task has ended: after an error, a cancellation, a panic or a runtime.Goexit just as
// after success. A running task may start others in its own scope. What tasks did happens before the return.
//
// Scopes nest through contexts: one that is opened with the context of a task lies within that task, is cancelled with it, and cannot
// outlive it. If the task's function leaves it open, it is cancelled and awaited, and the task fails. The same holds for the body of a
// scope and what it opens with the scope's context. [Shield] holds a cancellation back for a while.
//
// # Starting
//
// [TaskGroup.Go] never blocks, whatever the limit (but see [Queue]), so nothing can deadlock there. A task that has not begun when its
// scope is cancelled never does: its state is [NotStarted]. Under the default rule that may befall the siblings of a task that fails. So
// what is to be done in any case belongs into the function that opened the scope, not into a task.
//
// A task that blocks does not keep others from starting; yet tasks that do not block share goroutines, which makes short ones several
// times cheaper than a goroutine each. [OwnGoroutine] is for tasks that must not share theirs.
//
// # Errors
//
// Wait returns an [*Error] with every failure that no loop has taken, each with the name of its task. A task that returns nothing but
// the cancellation that it was sent is no failure: such echoes are dropped, also from among joined errors. If the context that the
// scope was opened with ended, and some task did not succeed because of it, that is one failure; if all succeeded all the same, none.
//
// A stop rule says when failures cancel the scope: [FailFast], the default, [KeepGoing], [Tolerate], [UntilSuccess] or [StopWhen]. Before
// the rule come filters, in this order: [Echo], [MapError], [Ignore] and [IgnoreFunc]. They are asked about the error of each task and of
// the body, on the task's goroutine; [Task.Err] and [Task.State] tell what the function itself returned. A panic that propagates is not
// filtered.
//
// # Panics
//
// A task's panic cancels the scope; when all tasks have ended it goes on in the goroutine that called Run or Wait, as a [*PanicError].
// See [PanicAsError] and [PanicCrash] for other ways. A panic of a filter, of a rule or of another function that an option brought comes
// out in the same way. A task that calls runtime.Goexit has failed with [ErrGoexit].
//
// # Completions
//
// [TaskGroup.Next] takes tasks in the order in which they end; package waitset has loops over that, and sets of tasks of several
// scopes. For a handful of functions there are [Gather], [Settle], [Race], [Any], [Quorum] and [Hedge].
//
// # Cancellation
//
// A scope is cancelled by a failure that its rule does not let pass, by [TaskGroup.Cancel], by its [Timeout], or because the context ended
// that it was opened with; only the first counts. Cancelling asks: the contexts of the tasks end, each with a cause that tells why, and a
// task is over when its function returns. [OnStuck] tells of those that take long, [Observe] of everything.
//
// # Memory model
//
// What the caller of Go did before is visible to the task: in the terminology of the Go memory model, the call synchronizes before the
// function. The return of the function synchronizes before whatever tells of its end: the return of Run and Wait, of Next, of
// [Task.Wait], and of [Task.Result], [Task.Err] and [Task.State] if they say that it has ended, the closing of [Task.Done], and the yield of a
// loop. Under Limit(1) a task synchronizes before the next one. Contexts behave as those of the standard library.
//
// # Mistakes
//
// The context of the scope, or that from around it, in a task. The task does not hear when it is cancelled alone or its time is over, and
// what it opens does not lie within it.
//
//	g.Go(func(context.Context) (Page, error) { return fetch(ctx, url) })     // wrong
//	g.Go(func(ctx context.Context) (Page, error) { return fetch(ctx, url) }) // right
//
// A result that lives no longer than the task's context. The body of an HTTP response, say, cannot be read when the context of its request
// has ended, and that of a task ends with the task.
//
//	g.Go(func(ctx context.Context) (*http.Response, error) { return get(ctx, url) }) // wrong
//	g.Go(func(ctx context.Context) ([]byte, error) {                                 // right
//		res, err := get(ctx, url)
//		if err != nil {
//			return nil, err
//		}
//		defer res.Body.Close()
//		return io.ReadAll(res.Body)
//	})
//
// Something left on the goroutine, which the next task finds there.
//
//	g.Do(func(context.Context) error { runtime.LockOSThread(); return draw() })                       // wrong
//	g.Do(func(context.Context) error { runtime.LockOSThread(); return draw() }, group.OwnGoroutine()) // right
//
// A task that waits for its own scope, and so for itself. What is to be awaited inside a task gets a scope inside the task.
//
//	g.Do(func(ctx context.Context) error { ...; _, err := g.Wait(); return err }) // wrong
//	g.Do(func(ctx context.Context) error {                                        // right
//		_, err := group.Run(ctx, parts)
//		return err
//	})
//
// An endless source without a bound. Go does not block, so the queue of tasks fills the memory. [Queue] makes Go wait for room, and the loops of
// package iter hold a source back by themselves.
//
//	g := group.New[Reply](ctx, group.Limit(8))                      // wrong
//	g := group.New[Reply](ctx, group.Limit(8), group.Queue(64))     // right
//	for job := range jobs {
//		g.Go(func(ctx context.Context) (Reply, error) { return handle(ctx, job) })
//	}
//	err := iter.ForEach(ctx, jobs, handle, group.Limit(8))          // or so
package group
