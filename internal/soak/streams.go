package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"

	"github.com/creche-go/creche/group"
)

// A stream runs many tasks, and says how many, and what is wrong with what came of them.
type stream func(ctx context.Context, r *rand.Rand) (tasks int, err error)

var streams = map[string]stream{
	"discard": discard, "window": window, "values": values, "mapping": mapping, "slices": inSlices, "tree": tree, "limiter": limiter,
	"sets": sets, "queue": queue, "contests": contests,
}

var (
	errTask = errors.New("the task")
	errStop = errors.New("stop")
)

// runStreams runs one stream after the other.
func (s *soak) runStreams(ctx context.Context) {
	names := make([]string, 0, len(streams))
	for name := range streams {
		names = append(names, name)
	}
	slices.Sort(names)
	for ctx.Err() == nil {
		seed := s.seed.Add(1)
		r := rand.New(rand.NewPCG(seed, 0))
		name := names[r.IntN(len(names))]
		// Its context is not that of the soak: a stream that is cut short has nothing to say.
		n, err := streams[name](context.Background(), r)
		s.streams.Add(1)
		s.tasks.Add(int64(n))
		if err != nil {
			s.violated("the stream %s of seed %d: %v", name, seed, err)
		}
	}
}

// limits chooses a limit, or none.
func limits(r *rand.Rand) []group.Option {
	if r.IntN(2) == 0 {
		return nil
	}
	return []group.Option{group.Limit(1 + r.IntN(64))}
}

// patient is for tasks that meet at a lock: if its holder is kept from running, each of those that come meanwhile has a goroutine. So there
// is a limit if there are more than few.
func patient(r *rand.Rand, few, many int) (int, []group.Option) {
	if r.IntN(4) == 0 {
		return 1 + r.IntN(few), nil
	}
	return 1 + r.IntN(many), []group.Option{group.Limit(1 + r.IntN(64))}
}
