// Package gateway answers requests with what several backends know, within a deadline:
//
//   - /page asks one replica, a second one if the first is slow, and so on: the first good answer wins, the other requests are cancelled;
//   - /overview asks three services at once and answers with what has come in by the deadline, and with the names of those who are missing.
//
// It shows group.Hedge, handles that outlive their scope's deadline, and a server whose shutdown awaits its requests (serve.go). The command is in the folder cmd:
//
//	go run ./internal/examples/gateway/cmd -replicas http://127.0.0.1:8081,http://127.0.0.1:8082
package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/creche-go/creche/group"
)

// Backend answers one kind of request.
type Backend func(ctx context.Context, path string) (string, error)

// Gateway is what a gateway is made of.
type Gateway struct {
	Replicas []Backend          // of the pages, the nearest first
	Services map[string]Backend // of the overview
	Patience time.Duration      // that a replica has before another is asked as well
	Deadline time.Duration      // of an answer
}

// Handler returns what serves the gateway's addresses.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page/{path...}", g.page)
	mux.HandleFunc("GET /overview", g.overview)
	return mux
}

func (g *Gateway) page(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), g.Deadline)
	defer cancel()
	path := r.PathValue("path")
	ask := make([]func(context.Context) (string, error), len(g.Replicas))
	for i, b := range g.Replicas {
		ask[i] = func(ctx context.Context) (string, error) { return b(ctx, path) }
	}
	text, err := group.Hedge(ctx, g.Patience, ask...)
	switch {
	case err == nil:
		_, _ = io.WriteString(w, text)
	case errors.Is(err, context.DeadlineExceeded):
		http.Error(w, "no replica has answered in time", http.StatusGatewayTimeout)
	default:
		http.Error(w, fmt.Sprintf("no replica has a good answer: %v", err), http.StatusBadGateway)
	}
}

// Overview is the answer of /overview.
type Overview struct {
	Parts   map[string]string
	Missing map[string]string // why
}

func (g *Gateway) overview(w http.ResponseWriter, r *http.Request) {
	tasks := map[string]*group.Task[string]{}
	_, _ = group.Run(r.Context(), func(_ context.Context, scope *group.TaskGroup[string]) error {
		for name, b := range g.Services {
			tasks[name] = scope.Go(func(ctx context.Context) (string, error) { return b(ctx, "overview") }, group.Name(name))
		}
		return nil
	}, group.KeepGoing(), group.Timeout(g.Deadline)) // who has failed, or is too slow, the handles tell
	answer := Overview{map[string]string{}, map[string]string{}}
	for name, t := range tasks {
		if v, err := t.Result(); err == nil {
			answer.Parts[name] = v
		} else if errors.Is(err, context.DeadlineExceeded) {
			answer.Missing[name] = "too slow"
		} else {
			answer.Missing[name] = err.Error()
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// Remote returns a backend that asks a server. What is not 200 OK is no good answer.
func Remote(c *http.Client, address string) Backend {
	return func(ctx context.Context, path string) (string, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/"+path, nil)
		if err != nil {
			return "", err
		}
		answer, err := c.Do(r)
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return "", fmt.Errorf("%s: %s", address, answer.Status)
		}
		text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
		return string(text), err
	}
}
