package main

import (
	"testing"
	"time"
)

func TestThroughput(t *testing.T) {
	tests := []struct {
		name        string
		p           processors
		length      time.Duration
		least, most float64
	}{
		{"one processor has the line for itself", processors{1, 100}, 90, 9.9e6, 10.1e6},
		{"the line is the bound: two transfers a task", processors{64, 100}, 0, 4.9e6, 5.1e6},
		{"long tasks do not meet", processors{8, 50}, time.Millisecond, 7.9e3, 8.1e3},
	}
	for _, tt := range tests {
		if got := throughput(tt.p, tt.length); got < tt.least || got > tt.most {
			t.Errorf("%s: %.0f tasks a second, want %.0f to %.0f", tt.name, got, tt.least, tt.most)
		}
	}
}
