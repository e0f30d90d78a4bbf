package debug

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Handler returns a handler that answers with the present tree. It is registered nowhere: mount it on a server that is not open to the world.
//
//	mux.Handle("GET /debug/tasks", debug.Handler())
//
// The query may have
//
//   - format: text, json, mermaid or html. Without it, who accepts text/html receives a page that refreshes itself, and others text.
//   - stacks=1: tell where tasks are, as [Stacks] does.
//   - old: a duration, as for [OlderThan].
//   - q: words that the page looks for. Of the tasks of a large scope it has a part, and first those whose row contains them all.
//
// It answers GET and HEAD. Unless [AnyClient] is among the options, it refuses requests that do not come from the machine itself and for it:
// the client's address has to be a loopback address, the host that it asks for localhost or such an address, and no proxy may have passed
// the request on. Scripts of other sites are refused as well.
func Handler(opts ...Option) http.Handler {
	return handler(settingsOf(opts))
}

type handler settings

// types are the content types of the formats.
var types = map[Format]string{
	Text:    "text/plain; charset=utf-8",
	JSON:    "application/json",
	Mermaid: "text/plain; charset=utf-8",
	HTML:    "text/html; charset=utf-8",
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", contentPolicy)
	head.Set("X-Frame-Options", "DENY")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
	head.Set("Vary", "Accept")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		head.Set("Allow", "GET, HEAD")
		http.Error(w, "debug: only GET and HEAD are answered", http.StatusMethodNotAllowed)
		return
	}
	if !h.anyClient {
		if why := refusal(r); why != "" {
			http.Error(w, "debug: "+why, http.StatusForbidden)
			return
		}
	}
	s, format, err := h.parse(r)
	if err != nil {
		http.Error(w, printable(err.Error()), http.StatusBadRequest)
		return
	}
	var body bytes.Buffer // so that a slow client holds back nothing but its own answer
	if err := look(s).write(&body, format, s.words); err != nil {
		http.Error(w, "debug: the tree could not be written", http.StatusInternalServerError)
		return
	}
	head.Set("Content-Type", types[format])
	head.Set("Content-Length", strconv.Itoa(body.Len()))
	_, _ = body.WriteTo(w)
}

// parse reads the query.
func (h handler) parse(r *http.Request) (s settings, f Format, err error) {
	s, f = settings(h), Text
	query := r.URL.Query()
	if query.Has("format") {
		if f, err = parseFormat(query.Get("format")); err != nil {
			return s, f, err
		}
	} else if acceptsPage(r) {
		f = HTML
	}
	s.words = strings.Fields(strings.ToLower(query.Get("q")))
	if query.Has("stacks") {
		if s.stacks, err = strconv.ParseBool(query.Get("stacks")); err != nil {
			return s, f, errors.New("debug: stacks must be 1 or 0")
		}
	}
	if query.Has("old") {
		if s.old, err = time.ParseDuration(query.Get("old")); err != nil || s.old < 0 {
			return s, f, errors.New("debug: old must be a duration such as 90s or 1h30m")
		}
	}
	return s, f, nil
}

func acceptsPage(r *http.Request) bool {
	return strings.Contains(strings.Join(r.Header["Accept"], ","), "text/html")
}
