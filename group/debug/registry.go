package debug

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"weak"
)

// roots has the scopes where the tree begins. The references are weak: a scope that the program cannot reach is collected, and goroutines
// that block on what only such a scope could reach are found by the leak profile of runtime/pprof. What is below a root it holds itself.
var roots registry

type registry struct {
	mu     sync.Mutex
	scopes map[int64]weak.Pointer[node]
	lost   lost
}

// lost tells of scopes that were opened by New and collected, as nobody could have called Wait any more.
type lost struct {
	scopes int
	last   string
}

func (r *registry) add(n *node) {
	p := weak.Make(n)
	if !n.info.HasBody() {
		runtime.AddCleanup(n, r.forget, remains{n.id, p, n.info.String()})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.scopes == nil {
		r.scopes = map[int64]weak.Pointer[node]{}
	}
	r.scopes[n.id] = p
}

func (r *registry) remove(n *node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.scopes, n.id)
}

// remains is what is known of a scope that was collected.
type remains struct {
	id   int64
	node weak.Pointer[node]
	name string
}

func (r *registry) forget(x remains) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.scopes[x.id] == x.node { // else it has ended before
		delete(r.scopes, x.id)
		r.lost.scopes++
		r.lost.last = x.name
	}
}

// list returns the roots, in the order in which they were opened, and what is known of those that are lost.
func (r *registry) list() ([]*node, lost) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ns []*node
	for _, p := range r.scopes {
		if n := p.Value(); n != nil {
			ns = append(ns, n)
		}
	}
	slices.SortFunc(ns, func(a, b *node) int { return cmp.Compare(a.id, b.id) })
	return ns, r.lost
}
