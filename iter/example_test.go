package iter_test

import (
	"context"
	"errors"
	"fmt"
	stditer "iter"
	"slices"
	"strings"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

var words = slices.Values([]string{"tell", "me", "where", "is", "fancy", "bred"})

func length(_ context.Context, word string) (int, error) { return len(word), nil }

func ExampleForEach() {
	err := iter.ForEach(context.Background(), words, func(_ context.Context, word string) error {
		if word == "fancy" {
			return errors.New("too fancy")
		}
		return nil
	})
	fmt.Println(err)
	// Output: too fancy
}

func ExampleForEachSlice() {
	s := []string{"heart", "head"}
	err := iter.ForEachSlice(context.Background(), s, func(_ context.Context, word *string) error {
		*word = strings.ToUpper(*word)
		return nil
	})
	fmt.Println(s, err)
	// Output: [HEART HEAD] <nil>
}

func ExampleMapSlice() {
	lengths, err := iter.MapSlice(context.Background(), []string{"or", "in", "the", "heart"}, length)
	fmt.Println(lengths, err)
	// Output: [2 2 3 5] <nil>
}

func ExampleMap() {
	for n, err := range iter.Map(context.Background(), words, length, group.Limit(4)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(n, " ")
	}
	// Output: 4 2 5 2 5 4
}

func ExampleMapUnordered() {
	sum := 0
	for n, err := range iter.MapUnordered(context.Background(), words, length) {
		if err != nil {
			fmt.Println(err)
			return
		}
		sum += n
	}
	fmt.Println(sum)
	// Output: 22
}

func ExampleFilter() {
	short := func(_ context.Context, word string) (bool, error) { return len(word) < 4, nil }
	for word := range iter.Filter(context.Background(), words, short) {
		fmt.Println(word)
	}
	// Output:
	// me
	// is
}

func ExampleFlatMap() {
	split := func(_ context.Context, word string) ([]string, error) { return strings.Split(word, ""), nil }
	for letter := range iter.FlatMap(context.Background(), words, split) {
		fmt.Print(letter, " ")
	}
	// Output: t e l l m e w h e r e i s f a n c y b r e d
}

func ExampleFirst() {
	word, err := iter.First(context.Background(), words, func(_ context.Context, word string) (string, error) {
		if !strings.Contains(word, "r") {
			return "", errors.New("no r in " + word)
		}
		return word, nil
	})
	fmt.Println(word, err)
	// Output: where <nil>
}

func ExampleReduce() {
	longest, err := iter.Reduce(context.Background(), words, func(_ context.Context, a, b string) (string, error) {
		if len(b) > len(a) {
			return b, nil
		}
		return a, nil
	})
	fmt.Println(longest, err)
	// Output: where <nil>
}

func ExampleMerge() {
	more := slices.Values([]string{"how", "begot"})
	for word, err := range iter.Merge(context.Background(), words, more) {
		fmt.Println(word, err)
	}
	// Unordered output:
	// tell <nil>
	// me <nil>
	// where <nil>
	// is <nil>
	// fancy <nil>
	// bred <nil>
	// how <nil>
	// begot <nil>
}

func ExampleBatch() {
	for batch, err := range iter.Batch(context.Background(), words, 4, 0) {
		fmt.Println(batch, err)
	}
	// Output:
	// [tell me where is] <nil>
	// [fancy bred] <nil>
}

// A loop may be the source of the next. Between the two it is decided what becomes of the errors: here the first one ends the whole, and is
// not lost. To pass over it would make a stage that has failed look like one that has come to its end.
func Example_stages() {
	ctx := context.Background()
	var failed error
	long := iter.Filter(ctx, words, func(_ context.Context, word string) (bool, error) { return len(word) > 2, nil })
	upper := iter.Map(ctx, values(long, &failed), func(_ context.Context, word string) (string, error) {
		if word == "bred" {
			return "", errors.New("no more")
		}
		return strings.ToUpper(word), nil
	})
	for word := range values(upper, &failed) {
		fmt.Println(word)
	}
	fmt.Println(failed)
	// Output:
	// TELL
	// WHERE
	// FANCY
	// no more
}

func values[T any](stage stditer.Seq2[T, error], failed *error) stditer.Seq[T] {
	return func(yield func(T) bool) {
		for v, err := range stage {
			if err != nil {
				*failed = errors.Join(*failed, err)
			} else if !yield(v) {
				return
			}
		}
	}
}
