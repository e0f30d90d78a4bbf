package engine_test

import (
	"testing"
	"unsafe"

	"github.com/creche-go/creche/internal/engine"
)

// Producers wrote to the line from which workers read for each task, and a task took twice as long.
func TestHotWordsShareNoCacheLine(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) < 8 {
		t.Skip("the words are half as far apart; correctness does not depend on it")
	}
	const apart = 48 // lines have 64 bytes, and allocations begin at multiples of 16
	names, spans := engine.HotWords()
	for i := 1; i < len(spans); i++ {
		if d := spans[i][0] - spans[i-1][1]; d < apart || d > 1<<10 {
			t.Errorf("what is %s lies %d bytes behind what is %s, want at least %d", names[i], d, names[i-1], apart)
		}
	}
}

func TestNodeIsSmall(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) == 8 && engine.NodeSize != 24 {
		t.Errorf("a node has %d bytes, want 24: every task pays for it", engine.NodeSize)
	}
}
