package creche_test

import (
	"bufio"
	"context"
	"fmt"
	stditer "iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

// lines returns those of a file. Its error is to be looked at when the loop over them is over.
func lines(name string, failed *error) stditer.Seq[string] {
	return func(yield func(string) bool) {
		f, err := os.Open(name)
		if err != nil {
			*failed = err
			return
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		for s.Scan() {
			if !yield(s.Text()) {
				return
			}
		}
		*failed = s.Err()
	}
}

// values makes one loop the source of another: it takes the values, and leaves the error behind.
func values[T any](loop stditer.Seq2[T, error], failed *error) stditer.Seq[T] {
	return func(yield func(T) bool) {
		for v, err := range loop {
			if err != nil {
				*failed = err
				return
			}
			if !yield(v) {
				return
			}
		}
	}
}

// A pipeline over a file of any length: its lines in batches, several of which are counted at the same time. Only a few batches are in
// memory at once.
func Example_pipeline() {
	ctx := context.Background()
	name := filepath.Join(os.TempDir(), "creche-example.txt")
	defer os.Remove(name)
	if err := os.WriteFile(name, []byte(strings.Repeat("all work and no play\n", 5000)), 0o666); err != nil {
		fmt.Println(err)
	}

	var reading, batching error
	batches := values(iter.Batch(ctx, lines(name, &reading), 100, 0), &batching)
	words := 0
	for n, err := range iter.Map(ctx, batches, func(_ context.Context, batch []string) (int, error) {
		n := 0
		for _, line := range batch {
			n += len(strings.Fields(line))
		}
		return n, nil
	}, group.Limit(4)) {
		if err != nil {
			fmt.Println(err)
		}
		words += n
	}
	fmt.Println(words, reading, batching)
	// Output: 25000 <nil> <nil>
}
