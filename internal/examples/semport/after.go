package semport

import (
	"context"
	"crypto/sha256"
	"io/fs"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/waitset"
)

// unit is how many bytes a place of the limiter stands for: it has an int of them.
const unit = 1 << 10

// After does the same. The sums are results instead of writes to a map under a lock; Queue holds the walk back, where Acquire did; and the limiter is
// asked by the task and not by the one who starts it, so that nothing has to be given back.
func After(ctx context.Context, tree fs.FS, budget int64) (map[string]Sum, error) {
	places := int(max(1, budget/unit))
	sums := map[string]Sum{}
	_, err := group.Run(ctx, func(ctx context.Context, g *group.TaskGroup[Sum]) error {
		paths := map[int]string{}
		err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return context.Cause(ctx) // nil would say that these are all files
			}
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			weight := int(min(1+info.Size()/unit, int64(places)))
			task := g.Go(func(context.Context) (Sum, error) {
				text, err := fs.ReadFile(tree, path)
				return sha256.Sum256(text), err
			}, group.Weight(weight), group.Name(path))
			paths[task.Index()] = path
			return nil
		})
		if err != nil {
			return err
		}
		for t := range waitset.Completed(g) {
			v, err := t.Result()
			if err != nil {
				return err
			}
			sums[paths[t.Index()]] = v
		}
		return nil
	}, group.SharedLimit(group.NewLimiter(places)), group.Queue(16), group.FirstError())
	if err != nil {
		return nil, err
	}
	return sums, nil
}
