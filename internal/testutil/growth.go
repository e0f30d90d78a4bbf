package testutil

import (
	"testing"
	"time"
)

// WantGrowth checks that high takes no more than so many times as long as low. What is compared is the best of several rounds, as many
// as it takes: a busy machine makes some of them slow, and none fast.
func WantGrowth(t testing.TB, most float64, took func(n int) time.Duration, low, high int) {
	t.Helper()
	const rounds = 20
	short, long := took(low), took(high)
	for round := 1; float64(long) > most*float64(short); round++ {
		if round == rounds {
			t.Errorf("%d take %v, %d take %v: %.0f times as long, want at most %.0f", low, short, high, long, float64(long)/float64(short), most)
			return
		}
		short, long = min(short, took(low)), min(long, took(high))
	}
}
