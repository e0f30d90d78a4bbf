package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"testing"
)

// TestMain makes this binary a worker if it was started as one.
func TestMain(m *testing.M) {
	w := os.Getenv(workerEnv)
	if w == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := work(ctx, w, os.Args[2], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A worker is killed with work in hand, and each file is counted once.
func TestFleet(t *testing.T) {
	var out strings.Builder
	f := fleet{out: &out, errs: t.Output(), dir: "../../..", workers: 3, kill: true}
	got, err := f.run(t.Context())
	t.Logf("\n%s", &out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "worker 2 is killed with") {
		t.Error("nobody was killed")
	}
	if got.again < 1 {
		t.Error("nothing was begun again")
	}
	for folder, times := range got.folders {
		if times != 1 {
			t.Errorf("%s came %d times", folder, times)
		}
	}
	if got.files < 300 {
		t.Errorf("there are only %d files", got.files)
	}
}

// Without a second attempt what the killed worker had in hand is a failure, and the scope ends with that.
func TestFleet_WithoutRetries(t *testing.T) {
	var out strings.Builder
	f := fleet{out: &out, errs: t.Output(), dir: "../../..", workers: 3, kill: true, attempts: 1}
	_, err := f.run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(out.String(), "worker 2 is killed with") {
		t.Error("nobody was killed")
	}
}
