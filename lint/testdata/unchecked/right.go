package unchecked

import (
	"context"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

func checked(ctx context.Context) (int, error) {
	values, err := group.Gather(ctx, value, value)
	if err != nil {
		return 0, err
	}
	return values[0], nil
}

func length(ctx context.Context) int {
	values, _ := group.Gather(ctx, value, value)
	if len(values) < 2 {
		return 0
	}
	return values[0] + values[1]
}

func ranged(ctx context.Context) (sum int) {
	values, _ := group.Gather(ctx, value, value)
	for i := range values {
		sum += values[i]
	}
	return sum
}

func switched(ctx context.Context) int {
	values, err := group.Quorum(ctx, 2, value, value)
	switch {
	case err != nil:
		return -1
	default:
		return values[1]
	}
}

func sameLength(ctx context.Context, xs []int) (int, error) {
	values, err := iter.MapSlice(ctx, xs, func(context.Context, int) (int, error) { return 0, nil })
	return values[0], err
}

func whole(ctx context.Context) ([]int, error) {
	values, err := group.Gather(ctx, value, value)
	return values, err
}
