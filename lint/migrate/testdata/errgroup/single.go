package errgroup

import "golang.org/x/sync/errgroup"

func single(names []string) error {
	var g errgroup.Group // want `can be`
	for _, name := range names {
		g.Go(func() error { return check(name) })
	}
	return g.Wait()
}
