package tiny

import "testing"

func TestSum(t *testing.T) {
	if got := Sum(4); got != 6 {
		t.Errorf("got %d", got)
	}
}

func TestMost(t *testing.T) {
	if got := Most(2, 1); got != 2 {
		t.Errorf("got %d", got)
	}
}
