package debug

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// shown is how many tasks the page has, or few more. A browser takes its time over ten thousand that all change with each refresh.
const shown = 2000

// fewest is how many tasks of a scope the page has, however many scopes there are.
const fewest = 5

// share returns how many tasks of a scope the page may have: so many that small scopes are whole, and large ones are cut to the same size.
func (t *Tree) share() int {
	lengths := make([]int, len(t.Scopes))
	for i, s := range t.Scopes {
		lengths[i] = len(s.Tasks)
	}
	slices.Sort(lengths)
	left := shown
	for i, n := range lengths {
		if fair := left / (len(lengths) - i); n > fair {
			return max(fair, fewest)
		}
		left -= n
	}
	return shown
}

// trim leaves so many tasks in the scope, and in each below it, besides those that have scopes below them: first those that the filter of the
// page finds, which has these words.
func (b *branch) trim(most int, words []string) {
	if len(b.Twigs) > most {
		keep, left := make([]bool, len(b.Twigs)), most
		for i, t := range b.Twigs {
			keep[i] = len(t.Scopes) > 0
		}
		for _, wanted := range []func(*Task) bool{
			func(t *Task) bool { return len(words) > 0 && t.matches(words) },
			func(*Task) bool { return true },
		} {
			for i := 0; i < len(keep) && left > 0; i++ {
				if !keep[i] && wanted(b.Twigs[i].Task) {
					keep[i] = true
					left--
				}
			}
		}
		kept := make([]twig, 0, most)
		for i, t := range b.Twigs {
			if keep[i] {
				kept = append(kept, t)
			}
		}
		b.Hidden = len(b.Twigs) - len(kept)
		b.Twigs = kept
	}
	for _, c := range b.Scopes {
		c.trim(most, words)
	}
	for _, t := range b.Twigs {
		for _, c := range t.Scopes {
			c.trim(most, words)
		}
	}
}

// matches reports whether the row of the task contains all words, as the script of the page has it.
func (t *Task) matches(words []string) bool {
	row := printable(t.Name) + "[" + strconv.Itoa(t.Index) + "] " + t.State
	if b := t.Blocked; b != nil {
		row += " " + b.On + " in " + printable(path.Base(b.Function)) + " " + printable(short(b.Line))
	}
	row = strings.ToLower(row)
	for _, w := range words {
		if !strings.Contains(row, w) {
			return false
		}
	}
	return true
}
