package group_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/creche-go/creche/group"
)

func ExampleGather() {
	ctx := context.Background()
	square := func(n int) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return n * n, nil }
	}
	fmt.Println(group.Gather(ctx, square(2), square(3), square(4)))
	// Output: [4 9 16] <nil>
}

// The values may have types of their own.
func ExampleGather2() {
	user := func(context.Context) (string, error) { return "ada", nil }
	unread := func(context.Context) (int, error) { return 3, nil }
	name, n, err := group.Gather2(context.Background(), user, unread)
	fmt.Println(name, n, err)
	// Output: ada 3 <nil>
}

// Every outcome matters, and a failure ends nothing.
func ExampleSettle() {
	up := func(context.Context) (string, error) { return "up", nil }
	down := func(context.Context) (string, error) { return "", errors.New("connection refused") }
	tasks, err := group.Settle(context.Background(), up, down, up)
	for _, task := range tasks {
		answer, err := task.Result()
		fmt.Printf("%d: %q, %v\n", task.Index(), answer, err)
	}
	fmt.Println(err)
	// Output:
	// 0: "up", <nil>
	// 1: "", connection refused
	// 2: "up", <nil>
	// <nil>
}

// What the first to end returns counts. The other is cancelled and awaited.
func ExampleRace() {
	answer := func(context.Context) (string, error) { return "an answer", nil }
	never := func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	fmt.Println(group.Race(context.Background(), never, answer))
	// Output: an answer <nil>
}

// One success is enough.
func ExampleAny() {
	broken := func(context.Context) (string, error) { return "", errors.New("no such mirror") }
	mirror := func(context.Context) (string, error) { return "the file", nil }
	fmt.Println(group.Any(context.Background(), broken, mirror))

	_, err := group.Any(context.Background(), broken, broken)
	var e *group.Error
	if errors.As(err, &e) {
		fmt.Println(len(e.Failures), "failures")
	}
	// Output:
	// the file <nil>
	// 2 failures
}

// Two of three replicas are enough.
func ExampleQuorum() {
	replica := func(version int, err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return version, err }
	}
	fmt.Println(group.Quorum(context.Background(), 2, replica(7, nil), replica(0, errors.New("unreachable")), replica(8, nil)))
	// Output: [7 8] <nil>
}

// The second server is asked because the first does not answer in time.
func ExampleHedge() {
	stuck := func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	server := func(context.Context) (string, error) { return "from the second", nil }
	fmt.Println(group.Hedge(context.Background(), time.Millisecond, stuck, server))
	// Output: from the second <nil>
}
