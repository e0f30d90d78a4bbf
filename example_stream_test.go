package creche_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/iter"
)

// search is a handler that looks in several places at once, and sends what it finds as it comes. When the client goes away its context ends:
// the loop is over, and nothing of it goes on.
func search(w http.ResponseWriter, r *http.Request) {
	places := strings.Split(r.FormValue("in"), ",")
	look := func(_ context.Context, place string) (string, error) {
		if place == "cellar" {
			return "", fmt.Errorf("no light")
		}
		return "found something", nil
	}
	flusher := http.NewResponseController(w)
	i := 0
	for found, err := range iter.Map(r.Context(), slices.Values(places), look, group.Limit(8), group.KeepGoing()) {
		if err != nil {
			found = err.Error()
		}
		fmt.Fprintf(w, "%s: %s\n", places[i], found)
		if flusher.Flush() != nil {
			return
		}
		i++
	}
}

// Results that are streamed into an HTTP response.
func Example_stream() {
	server := httptest.NewServer(http.HandlerFunc(search))
	defer server.Close()
	res, err := http.Get(server.URL + "?in=attic,cellar,kitchen")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	fmt.Print(string(text))
	fmt.Println(err)
	// Output:
	// attic: found something
	// cellar: no light
	// kitchen: found something
	// <nil>
}
