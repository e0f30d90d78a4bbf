package iter

import (
	"context"

	"github.com/creche-go/creche/internal/seam"
)

// one is the loop over a slice of one element. The caller's goroutine is enough for it, nothing is claimed, and what is called does not
// leave the stack: for so little work that is most of the cost.
func one(l seam.Loop, call func(ctx context.Context) error) (err error) {
	calling := false
	defer func() {
		switch {
		case !calling:
			return
		case l.Recovers():
			v := recover()
			l.Left(0, v)
			if v != nil {
				err = l.Wait()
				return
			}
		case l.Exiting():
			l.Left(0, nil)
		}
		l.Cancel()
		l.Wait()
	}()
	ctx := l.Context()
	if ctx.Err() != nil {
		l.Cut()
		return l.Wait()
	}
	calling = true
	err = call(ctx)
	calling = false
	switch {
	case err != nil:
		l.Fail(0, err)
	case l.Watches():
		l.Succeed(0)
	}
	return l.Wait()
}
