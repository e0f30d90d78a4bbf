package semport

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Before hashes all files of a tree, holding at most budget bytes of them in memory. A larger file counts as the whole budget.
func Before(ctx context.Context, tree fs.FS, budget int64) (map[string]Sum, error) {
	sem := semaphore.NewWeighted(budget)
	var mu sync.Mutex
	sums := map[string]Sum{}
	g, ctx := errgroup.WithContext(ctx)
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		weight := min(max(1, info.Size()), budget)
		if err := sem.Acquire(ctx, weight); err != nil {
			return err // why, Wait tells
		}
		g.Go(func() error {
			defer sem.Release(weight)
			text, err := fs.ReadFile(tree, path)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(text)
			mu.Lock()
			defer mu.Unlock()
			sums[path] = sum
			return nil
		})
		return nil
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	return sums, nil
}
