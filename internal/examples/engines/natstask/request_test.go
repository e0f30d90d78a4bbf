package natstask_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/internal/examples/engines/natstask"
)

var errWhy = errors.New("why")

// connect returns a connection to a server that ends with the test.
func connect(t *testing.T) *nats.Conn {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Shutdown)
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// serve doubles numbers, refuses 7, and works on 0 until it is told to stop.
func serve(t *testing.T, nc *nats.Conn) (begun chan bool) {
	begun = make(chan bool, 1)
	service, err := micro.AddService(nc, micro.Config{Name: "numbers", Version: "1.0.0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = service.Stop() })
	err = service.AddEndpoint("double", micro.HandlerFunc(func(r micro.Request) {
		var n int
		if err := json.Unmarshal(r.Data(), &n); err != nil || n == 7 {
			_ = r.Error("422", "not that number", nil)
			return
		}
		if n == 0 {
			canceled, err := nc.SubscribeSync(r.Headers().Get(natstask.CancelHeader))
			if err := errors.Join(err, nc.Flush()); err != nil {
				t.Error(err)
			}
			begun <- true
			if _, err := canceled.NextMsg(time.Minute); err != nil {
				t.Error(err)
			}
			_ = r.Error("499", "cancelled", nil)
			return
		}
		_ = r.RespondJSON(2 * n)
	}))
	if err := errors.Join(err, nc.Flush()); err != nil { // from here on the server knows of it
		t.Fatal(err)
	}
	return begun
}

func TestRequest(t *testing.T) {
	nc := connect(t)
	begun := serve(t, another(t, nc))
	double := func(n int) func(context.Context) (int, error) {
		return natstask.Request[int](nc, "double", n, 5*time.Second)
	}
	g := group.New[int](t.Context(), group.KeepGoing())
	for n := range 20 {
		g.Go(double(n + 1))
	}
	vs, err := g.Wait()
	var failed *group.Error
	if len(vs) != 19 || vs[0] != 2 || vs[18] != 40 { // there is none of 7
		t.Errorf("the values are %v", vs)
	}
	if !errors.As(err, &failed) || len(failed.Failures) != 1 || !strings.Contains(err.Error(), "not that number (422)") {
		t.Errorf("the error is %v", err)
	}

	g = group.New[int](t.Context())
	waiting := g.Go(double(0))
	<-begun
	g.Cancel(errWhy)
	<-waiting.Done()
	if err := waiting.Err(); waiting.State() == group.Succeeded || !errors.Is(err, errWhy) || !strings.Contains(err.Error(), "cancelled (499)") {
		t.Errorf("the cancelled task is %v: %v", waiting.State(), err)
	}
	g.Wait()
}

// another is a second connection to the same server: that of the service.
func another(t *testing.T, nc *nats.Conn) *nats.Conn {
	other, err := nats.Connect(nc.ConnectedUrl())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	return other
}
