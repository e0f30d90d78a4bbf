package main

import (
	"context"
	"errors"

	"github.com/creche-go/creche/group"
)

// hedge puts a question to a replica of a server, and to another one if there is no answer within 2 units. The first answer counts,
// and the slower replica is cancelled.
var hedge = play(
	act{"The first is slow, the second fast", slowThenFast},
	act{"The first is fast: the second is never asked", fastThenSlow},
	act{"The first fails: the second is asked at once", brokenThenFast},
	act{"Both fail: no error is lost", brokenTwice},
)

var (
	errRefused = errors.New("connection refused")
	errBusy    = errors.New("too many connections")
)

func slowThenFast(ctx context.Context, s *stage) {
	answer, err := group.Hedge(ctx, 2*unit,
		replica(s, "replica 1", 9, nil),
		replica(s, "replica 2", 3, nil))
	s.say("answer %q, error %v", answer, err)
}

func fastThenSlow(ctx context.Context, s *stage) {
	answer, err := group.Hedge(ctx, 2*unit,
		replica(s, "replica 1", 1, nil),
		replica(s, "replica 2", 9, nil))
	s.say("answer %q, error %v", answer, err)
}

// brokenThenFast has an answer, so that there was a failure on the way to it does not matter.
func brokenThenFast(ctx context.Context, s *stage) {
	answer, err := group.Hedge(ctx, 2*unit,
		replica(s, "replica 1", 1, errRefused),
		replica(s, "replica 2", 3, nil))
	s.say("answer %q, error %v", answer, err)
}

func brokenTwice(ctx context.Context, s *stage) {
	answer, err := group.Hedge(ctx, 2*unit,
		replica(s, "replica 1", 1, errRefused),
		replica(s, "replica 2", 3, errBusy))
	s.say("answer %q", answer)
	report(s, err)
	s.say("errors.Is finds both: %t", errors.Is(err, errRefused) && errors.Is(err, errBusy))
}

// replica makes a function that asks one replica, which takes so many units to answer or, if broken is not nil, to fail.
func replica(s *stage, name string, units int, broken error) func(context.Context) (string, error) {
	return watched(s, name, func(ctx context.Context) (string, error) {
		s.say("%s is asked", name)
		if err := s.sleep(ctx, units); err != nil {
			s.say("%s is cancelled", name)
			return "", err
		}
		if broken != nil {
			s.say("%s fails", name)
			return "", broken
		}
		s.say("%s answers", name)
		return "from " + name, nil
	})
}
