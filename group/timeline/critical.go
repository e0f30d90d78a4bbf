package timeline

import (
	"cmp"
	"slices"
	"time"
)

// markCritical marks what decided when all of list, of which no more than what has ended by then counts, was over: the last to end, before it
// the last that had ended when that one began, and so on; and the same within each of them. That one waited for another is not recorded, so
// this is a guess, and a good one where a task waits for a place or for the results of others. A daemon decides nothing: it ends with the rest.
func markCritical(list []*span, until time.Duration) {
	byEnd := slices.Clone(list)
	slices.SortStableFunc(byEnd, func(a, b *span) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.start, b.start))
	})
	for _, s := range slices.Backward(byEnd) {
		if s.began() && !s.daemon && s.end <= until {
			s.critical = true
			markCritical(s.below, s.end)
			until = s.start
		}
	}
}
