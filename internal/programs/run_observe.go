package programs

import (
	"context"
	"sync"

	"github.com/creche-go/creche/group"
)

// An observation is what the observer of a scope was told, in the order in which it was.
type observation struct {
	mu     sync.Mutex
	events []group.Event
}

type observed struct{}

// observer makes the observer of a scope. With enrich set it returns contexts of its own. One that is blind does not look: its lock would be
// an order of what the tasks do.
func (r *runner) observer(scope int, enrich bool) group.Observer {
	o := new(observation)
	r.scopes[scope].told = o
	return func(ctx context.Context, e group.Event) context.Context {
		if !r.Blind {
			o.mu.Lock()
			o.events = append(o.events, e)
			o.mu.Unlock()
		}
		if !enrich {
			return nil
		}
		return context.WithValue(ctx, observed{}, scope)
	}
}
