package creche_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/creche-go/creche/group"
)

// replica returns a function that reads from one of several copies of the same data.
func replica(name string, down bool) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		if down {
			return "", errors.New(name + " is down")
		}
		select {
		case <-ctx.Done(): // another was faster
			return "", ctx.Err()
		default:
			return "the answer of " + name, nil
		}
	}
}

// The first good replica: the next one is asked when the one before has failed, or is slow.
func Example_replicas() {
	ctx := context.Background()
	answer, err := group.Hedge(ctx, 50*time.Millisecond, replica("berlin", true), replica("paris", false), replica("rome", false))
	fmt.Println(answer, err)

	_, err = group.Hedge(ctx, 50*time.Millisecond, replica("berlin", true), replica("paris", true))
	var all *group.Error
	if errors.As(err, &all) {
		for _, f := range all.Failures {
			fmt.Println(f.Err)
		}
	}
	// Output:
	// the answer of paris <nil>
	// berlin is down
	// paris is down
}
