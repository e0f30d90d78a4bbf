package waitset_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

var stressSeed = flag.Uint64("stress.seed", 0, "the seed of TestStress; 0 takes another one each time")

// A model knows of each task how often it went out of the set, which has to be once: it was handed out or removed. Another set has all
// tasks too, and hands out each, whatever becomes of it in the first.
type model struct {
	t       *testing.T
	groups  []*intGroup
	set     waitset.WaitSet[*intTask]
	other   waitset.WaitSet[group.Handle]
	mu      sync.Mutex
	out     map[*intTask]int // how often it went out
	started []*intTask       // for those who meddle
	adding  atomic.Int32     // goroutines that may still put a task into the set
}

// work makes a function. Those that wait for their cancellation need somebody who cancels them.
func work(r *rand.Rand) (fn intFunc, waits bool) {
	switch v := r.IntN(100); v % 10 {
	case 0:
		return obedient, true
	case 1:
		return func(context.Context) (int, error) { return 0, errBoom }, false
	case 2:
		return func(context.Context) (int, error) { panic(errBoom) }, false
	case 3:
		return func(context.Context) (int, error) {
			runtime.Goexit()
			return 0, nil
		}, false
	case 4, 5, 6:
		return func(context.Context) (int, error) {
			for range v {
				runtime.Gosched()
			}
			return v, nil
		}, false
	}
	return at(1), false
}

// add starts n tasks and puts them into both sets. Some it cancels.
func (m *model) add(r *rand.Rand, n int) {
	defer m.adding.Add(-1)
	for range n {
		fn, waits := work(r)
		task := m.groups[r.IntN(len(m.groups))].Go(fn)
		m.other.Add(task)
		m.mu.Lock()
		m.started = append(m.started, task)
		m.mu.Unlock()
		m.set.Add(task)
		if waits || r.IntN(10) == 0 {
			for range r.IntN(50) {
				runtime.Gosched()
			}
			task.Cancel(nil)
		}
	}
}

func (m *model) goesOut(task *intTask, removed bool) {
	if task == nil || !removed && task.State() < group.Succeeded {
		m.t.Errorf("handed out: %v", task)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.out[task]++; m.out[task] > 1 {
		m.t.Errorf("task %d went out of the set again", task.Index())
	}
}

// meddle removes tasks, and puts some of them back, which nobody else can do meanwhile.
func (m *model) meddle(r *rand.Rand, n int) {
	defer m.adding.Add(-1)
	for range n {
		m.mu.Lock()
		var task *intTask
		if k := len(m.started); k > 0 {
			task = m.started[k-1-r.IntN(min(k, 20))]
		}
		m.mu.Unlock()
		if task != nil && m.set.Remove(task) {
			if r.IntN(2) == 0 {
				m.set.Add(task)
			} else {
				m.goesOut(task, true)
			}
		}
		runtime.Gosched()
	}
}

// take takes until the set is empty and nobody adds, each time by one of the ways there are.
func (m *model) take(r *rand.Rand) {
	for {
		last := m.adding.Load() == 0 // before the look at the set
		switch r.IntN(5) {
		case 0:
			if task, ok := m.set.TryNext(); ok {
				m.goesOut(task, false)
			}
		case 1:
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(r.IntN(50))*time.Microsecond)
			done, _, _ := m.set.Wait(ctx, waitset.Mode(r.IntN(3)))
			cancel()
			for _, task := range done {
				m.goesOut(task, false)
			}
		case 2:
			for task := range m.set.All(context.Background()) {
				m.goesOut(task, false)
				if r.IntN(4) == 0 {
					break
				}
			}
		default:
			if task, ok := m.set.Next(context.Background()); ok {
				m.goesOut(task, false)
			}
		}
		if last && m.set.Len() == 0 {
			return
		}
	}
}

// Several goroutines add, take, remove, put back and cancel at once. Each completion goes out once.
func TestStress_W1_W5(t *testing.T) {
	seed := *stressSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("to repeat: -stress.seed=%d", seed)
	const adders, takers, meddlers, tasks = 3, 4, 2, 2000 / (1 + scale/5)
	for round := range uint64(6) {
		m := &model{t: t, out: map[*intTask]int{}}
		for _, opt := range []group.Option{group.Limit(2), group.Limit(100), group.Options()} {
			m.groups = append(m.groups, group.New[int](t.Context(), opt, group.KeepGoing(), group.PanicAsError()))
		}
		m.adding.Store(adders + meddlers)
		var wg sync.WaitGroup
		run := func(n int, f func(r *rand.Rand)) {
			for i := range n {
				wg.Go(func() { f(rand.New(rand.NewPCG(seed, round<<32+uint64(n)<<16+uint64(i)))) })
			}
		}
		run(adders, func(r *rand.Rand) { m.add(r, tasks) })
		run(meddlers, func(r *rand.Rand) { m.meddle(r, 2*tasks) })
		run(takers, m.take)
		wg.Wait()
		want(t, "tasks left in the set", m.set.Len(), 0)
		want(t, "tasks that went out of the set", len(m.out), adders*tasks)
		seen := map[group.Handle]bool{}
		for h := range m.other.All(t.Context()) {
			if seen[h] {
				t.Errorf("the other set hands out task %d again", h.Index())
			}
			seen[h] = true
		}
		want(t, "tasks that the other set hands out", len(seen), adders*tasks)
		for _, g := range m.groups {
			g.Wait()
		}
	}
}
