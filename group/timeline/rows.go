package timeline

import (
	"cmp"
	"slices"

	"github.com/creche-go/creche/group"
)

// maxRows is how many tasks pictures show. There are no limits in the trace.
const maxRows = 1000

// row is a line of a picture.
type row struct {
	*span
	depth int
}

// rows returns the lines to draw, no more than most of them for tasks, and how many tasks there are.
func (t *tree) rows(most int) (list []row, shown, all int) {
	var tasks []*span
	t.each(func(s *span, _ int) {
		if !s.scope {
			tasks = append(tasks, s)
		}
	})
	all = len(tasks)
	weight := func(s *span) int {
		switch {
		case s.critical:
			return 0
		case s.state == group.Failed:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(tasks, func(a, b *span) int {
		return cmp.Or(weight(a)-weight(b), cmp.Compare(b.end-b.queued, a.end-a.queued))
	})
	shown = min(most, all)
	keep := map[*span]bool{}
	for _, s := range tasks[:shown] {
		keep[s] = true
	}
	t.each(func(s *span, depth int) {
		if keep[s] || s.scope && (all == shown || s.holds(keep)) {
			list = append(list, row{s, depth})
		}
	})
	return list, shown, all
}

// holds reports whether one of the tasks to keep lies in the scope.
func (s *span) holds(keep map[*span]bool) bool {
	return slices.ContainsFunc(s.below, func(below *span) bool { return keep[below] || below.holds(keep) })
}
