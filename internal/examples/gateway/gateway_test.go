package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/creche-go/creche/internal/examples/gateway"
)

// backend answers after a while, or fails; canceled counts requests that nobody wanted any more.
func backend(answer string, after time.Duration, err error, canceled *atomic.Int32) gateway.Backend {
	return func(ctx context.Context, path string) (string, error) {
		select {
		case <-time.After(after):
			return answer + " of " + path, err
		case <-ctx.Done():
			canceled.Add(1)
			return "", ctx.Err()
		}
	}
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

var errDown = errors.New("down")

func TestPage(t *testing.T) {
	const ms = time.Millisecond
	type replica struct {
		after time.Duration
		err   error
	}
	tests := []struct {
		name     string
		replicas []replica
		code     int
		text     string
		took     time.Duration
		canceled int32
	}{
		{"the first is fast enough, and nobody else is asked", []replica{{40 * ms, nil}, {0, nil}}, 200, "A of x/y", 40 * ms, 0},
		{"the second overtakes", []replica{{500 * ms, nil}, {10 * ms, nil}}, 200, "B of x/y", 60 * ms, 1},
		{"the first fails, so the second is asked at once", []replica{{20 * ms, errDown}, {10 * ms, nil}}, 200, "B of x/y", 30 * ms, 0},
		{"all fail", []replica{{0, errDown}, {10 * ms, errDown}}, 502, "down", 10 * ms, 0},
		{"all are too slow", []replica{{time.Hour, nil}, {time.Hour, nil}}, 504, "in time", time.Second, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var canceled atomic.Int32
				g := gateway.Gateway{Patience: 50 * ms, Deadline: time.Second}
				for i, r := range tt.replicas {
					g.Replicas = append(g.Replicas, backend(string(rune('A'+i)), r.after, r.err, &canceled))
				}
				began := time.Now()
				w := get(g.Handler(), "/page/x/y")
				took := time.Since(began)
				if w.Code != tt.code || !strings.Contains(w.Body.String(), tt.text) || took != tt.took || canceled.Load() != tt.canceled {
					t.Errorf("%d %q after %v, %d cancelled; want %d %q after %v, %d", w.Code, w.Body, took, canceled.Load(), tt.code, tt.text, tt.took, tt.canceled)
				}
			})
		})
	}
}

func TestOverview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var canceled atomic.Int32
		g := gateway.Gateway{Deadline: time.Second, Services: map[string]gateway.Backend{
			"stock":   backend("many", 300*time.Millisecond, nil, &canceled),
			"prices":  backend("", time.Hour, nil, &canceled),
			"reviews": backend("", 0, errDown, &canceled),
		}}
		began := time.Now()
		w := get(g.Handler(), "/overview")
		var got gateway.Overview
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || time.Since(began) != time.Second || canceled.Load() != 1 {
			t.Errorf("after %v, %d cancelled, %v", time.Since(began), canceled.Load(), err)
		}
		want := gateway.Overview{Parts: map[string]string{"stock": "many of overview"}, Missing: map[string]string{"prices": "too slow", "reviews": "down"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the overview (-want +got):\n%s", diff)
		}
	})
}

// A request that is under way when the server is told to end gets its answer, within the grace; Serve returns after that.
func TestServe(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	begun, over := make(chan bool), make(chan error, 1)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-ctx.Done()
		_, _ = w.Write([]byte("to the end"))
	})
	go func() { over <- gateway.Serve(ctx, l, h, time.Minute) }()
	go func() { <-begun; cancel() }()
	text, err := gateway.Remote(http.DefaultClient, "http://"+l.Addr().String())(t.Context(), "")
	if text != "to the end" || err != nil {
		t.Errorf("the answer is %q, %v", text, err)
	}
	if err := <-over; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	if err := gateway.Serve(t.Context(), l, h, time.Minute); err == nil {
		t.Error("it serves a listener that is closed")
	}
}

func TestRemote(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	if _, err := gateway.Remote(s.Client(), s.URL)(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("the error is %v", err)
	}
}
