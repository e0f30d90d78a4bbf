package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// A visitor looks at the live tree, from when it is told where that is until the server is gone.
type visitor struct {
	bytes.Buffer // what else it is told
	url          string
	visits       sync.WaitGroup
	seen         strings.Builder
	look         func(tree string)
}

var address = regexp.MustCompile(`^the live tree is at (http://127\.0\.0\.1:\d+)\n$`)

func (v *visitor) Write(p []byte) (int, error) {
	if m := address.FindSubmatch(p); m != nil {
		v.url = string(m[1])
		v.visits.Go(v.visit)
	}
	return v.Buffer.Write(p)
}

func (v *visitor) visit() {
	for {
		answer, err := http.Get(v.url)
		if err != nil {
			return
		}
		tree, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			return
		}
		v.seen.Write(tree)
		if v.look != nil {
			v.look(string(tree))
		}
	}
}

func TestLiveTree(t *testing.T) {
	v := &visitor{}
	var out bytes.Buffer
	if status := run(t.Context(), []string{"-http", "127.0.0.1:0", "gather"}, &out, v); status != 0 {
		t.Errorf("status %d, want 0; %s", status, v.String())
	}
	v.visits.Wait()
	has(t, v.seen.String(), `"tour" open `, "serve the live tree[0] running ", "gather.go:", "task 3[3] running ")
	has(t, out.String(), "== gather\n", "values [0 4 16 36 64]")
	if _, err := http.Get(v.url); err == nil {
		t.Error("the server is still there")
	}
}

func TestLiveTreeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	v := &visitor{look: func(tree string) {
		if strings.Contains(tree, "running") && strings.Contains(tree, "wait.go:") {
			cancel(errors.New("Ctrl-C"))
		}
	}}
	var out bytes.Buffer
	if status := run(ctx, []string{"-http", "127.0.0.1:0", "wait"}, &out, v); status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	v.visits.Wait()
	has(t, v.String(), "tour: wait: interrupted: Ctrl-C\n")
}

func TestLiveTreeAddressInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	status, stdout, stderr := tourOf(t.Context(), "-http", listener.Addr().String(), "gather")
	if status != 1 || stdout != "" {
		t.Errorf("status %d and output %q, want 1 and none", status, stdout)
	}
	has(t, stderr, "tour: the live tree: listen tcp "+listener.Addr().String())
}
