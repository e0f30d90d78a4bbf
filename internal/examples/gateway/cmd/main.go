// Command cmd runs a gateway in front of replicas.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/creche-go/creche/internal/examples/gateway"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "serve this `address`")
	replicas := flag.String("replicas", "", "addresses of the replicas, with commas between")
	patience := flag.Duration("patience", 50*time.Millisecond, "ask another replica after so long")
	deadline := flag.Duration("deadline", time.Second, "answer within so long")
	flag.Parse()
	if *replicas == "" {
		log.Fatal("-replicas is missing")
	}
	g := gateway.Gateway{Patience: *patience, Deadline: *deadline, Services: map[string]gateway.Backend{}}
	for a := range strings.SplitSeq(*replicas, ",") {
		b := gateway.Remote(http.DefaultClient, a)
		g.Replicas = append(g.Replicas, b)
		g.Services[a] = b
	}
	l, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log.Print("serving ", l.Addr())
	if err := gateway.Serve(ctx, l, g.Handler(), 10*time.Second); err != nil {
		log.Fatal(err)
	}
}
