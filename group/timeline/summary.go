package timeline

import (
	"cmp"
	"slices"
	"time"

	"github.com/creche-go/creche/group"
)

// summary is what is told of all tasks of one name.
type summary struct {
	name                       string
	count                      int
	failed, canceled, neverRan int
	run, wait                  []time.Duration // sorted; only of those of which all is known
	total                      time.Duration   // of run
}

// summarize returns one of each name, those that took the longest together first.
func (t *tree) summarize() []*summary {
	byName := map[string]*summary{}
	var list []*summary
	t.each(func(s *span, _ int) {
		if s.scope {
			return
		}
		sum := byName[s.name]
		if sum == nil {
			sum = &summary{name: s.name}
			byName[s.name] = sum
			list = append(list, sum)
		}
		sum.add(s)
	})
	for _, sum := range list {
		slices.Sort(sum.run)
		slices.Sort(sum.wait)
	}
	slices.SortFunc(list, func(a, b *summary) int {
		return cmp.Or(cmp.Compare(b.total, a.total), cmp.Compare(a.name, b.name))
	})
	return list
}

func (sum *summary) add(s *span) {
	sum.count++
	switch s.state {
	case group.Failed:
		sum.failed++
	case group.Canceled:
		sum.canceled++
	case group.NotStarted:
		sum.neverRan++
	}
	if s.began() && s.timed {
		sum.wait = append(sum.wait, s.waited())
	}
	if s.began() && s.ended() && !s.cut {
		sum.run = append(sum.run, s.took())
		sum.total += s.took()
	}
}

// percentile returns the least of the sorted values that is no less than p percent of them. There has to be one.
func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}
