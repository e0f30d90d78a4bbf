// Command cmd hashes the files of a folder twice, and compares.
package main

import (
	"context"
	"fmt"
	"log"
	"maps"
	"os"
	"time"

	"github.com/creche-go/creche/internal/examples/semport"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: cmd folder")
	}
	tree, began := os.DirFS(os.Args[1]), time.Now()
	before, err := semport.Before(context.Background(), tree, 1<<20)
	if err != nil {
		log.Fatal(err)
	}
	between := time.Now()
	after, err := semport.After(context.Background(), tree, 1<<20)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d files, before in %v, after in %v\n", len(before), between.Sub(began).Round(time.Millisecond), time.Since(between).Round(time.Millisecond))
	if !maps.Equal(before, after) {
		log.Fatal("they differ")
	}
}
