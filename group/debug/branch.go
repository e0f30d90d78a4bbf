package debug

import (
	"cmp"
	"slices"
)

// branch is a scope with what is below it, as the formats for people show it: the scopes that were opened in its body, and its tasks with
// those that were opened in them.
type branch struct {
	*Scope
	Scopes []*branch
	Twigs  []twig
	Hidden int // tasks that the page leaves out
}

// twig is a task with the scopes that were opened in it.
type twig struct {
	*Task
	Scopes []*branch
	Warned bool // that it runs on
}

// branches returns the roots.
func (t *Tree) branches() (roots []*branch) {
	byID := make(map[int64]*branch, len(t.Scopes))
	for i := range t.Scopes {
		s := &t.Scopes[i]
		b := &branch{Scope: s, Twigs: make([]twig, len(s.Tasks))}
		for j := range s.Tasks {
			b.Twigs[j].Task = &s.Tasks[j]
		}
		byID[s.ID] = b
		above := byID[s.Parent]
		switch twig := above.twig(s.Task); {
		case above == nil:
			roots = append(roots, b)
		case twig == nil:
			above.Scopes = append(above.Scopes, b)
		default:
			twig.Scopes = append(twig.Scopes, b)
		}
	}
	for _, w := range t.Warnings {
		if w.Kind == RunsOn {
			for _, i := range w.Tasks {
				byID[w.Scope].twig(&i).Warned = true
			}
		}
	}
	return roots
}

// twig returns the task with this index, or nil.
func (b *branch) twig(index *int) *twig {
	if b == nil || index == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(b.Twigs, *index, func(t twig, i int) int { return cmp.Compare(t.Index, i) })
	if !ok {
		return nil // it has ended in between
	}
	return &b.Twigs[i]
}
