package lostfailure

import (
	"testing"

	"github.com/creche-go/creche/group"
)

func TestItself(t *testing.T) {
	g := group.New[int](t.Context())
	task := g.Go(value)
	g.Wait()
	if _, err := task.Result(); err != nil {
		t.Error(err)
	}
}
