package timeline

import (
	"cmp"
	"slices"
)

// track is a row of scopes that follow one another, and below it rows for their tasks and tracks for the scopes in them.
type track struct {
	path   string
	scopes []*span
	lanes  [][]*span // tasks
	below  []*track
}

// tracks lays scopes out so that no two spans of a row overlap, with few rows.
func tracks(scopes []*span, path string) (list []*track) {
	for _, row := range rows(scopes) {
		t := &track{path: join(path, row[0].name), scopes: row}
		var tasks, inner []*span
		for _, scope := range row {
			for _, s := range scope.below {
				if s.scope {
					inner = append(inner, s)
				} else {
					tasks = append(tasks, s)
					inner = append(inner, s.below...)
				}
			}
		}
		t.lanes = rows(slices.DeleteFunc(tasks, func(s *span) bool { return !s.began() }))
		t.below = tracks(inner, t.path)
		list = append(list, t)
	}
	return list
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + " › " + name
}

// rows puts each span into the first row that is free when it begins.
func rows(list []*span) (rows [][]*span) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *span) int { return cmp.Compare(a.start, b.start) })
	for _, s := range list {
		i := slices.IndexFunc(rows, func(row []*span) bool {
			last := row[len(row)-1]
			return last.ended() && last.end <= s.start && (!s.scope || s.name == last.name) // the name is the track's
		})
		if i < 0 {
			i = len(rows)
			rows = append(rows, nil)
		}
		rows[i] = append(rows[i], s)
	}
	return rows
}
