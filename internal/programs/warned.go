package programs

// What the library's documentation warns of is not generated: so that other ways to hang can be seen.
const (
	// A task that starts others in its own scope may wait for ever for the place that it has itself (group.Queue).
	warnedOfOwnQueue = true
)
