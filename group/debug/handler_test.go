package debug_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

// ask sends a request, from this machine unless edit says otherwise.
func ask(target string, edit func(*http.Request), opts ...debug.Option) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "localhost:6060"
	if edit != nil {
		edit(r)
	}
	w := httptest.NewRecorder()
	debug.Handler(opts...).ServeHTTP(w, r)
	return w
}

func header(key, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(key, value) }
}

func TestHandler_Formats(t *testing.T) {
	debug.Empty()
	g := group.New[int](t.Context(), observed("shop"))
	defer g.Wait()
	tests := []struct {
		target, accept string
		status         int
		kind, has      string
	}{
		{"/", "*/*", 200, "text/plain", `scope 1 "shop" open `},
		{"/", "", 200, "text/plain", `scope 1 "shop" open `},
		{"/?format=text", "text/html", 200, "text/plain", `scope 1 "shop" open `},
		{"/", "text/html,application/xhtml+xml,*/*;q=0.8", 200, "text/html", "<b>shop</b>"},
		{"/?format=html", "", 200, "text/html", "<b>shop</b>"},
		{"/?format=json", "text/html", 200, "application/json", `"name": "shop"`},
		{"/?format=mermaid", "", 200, "text/plain", `s1["shop<br>open `},
		{"/?stacks=1", "", 200, "text/plain", "shop"},
		{"/?old=1ns", "", 200, "text/plain", "! scope 1 \"shop\" is open"},
		{"/?format=xml", "", 400, "text/plain", `unknown format "xml"; there are text, json, mermaid, html`},
		{"/?format=", "", 400, "text/plain", "there are text, json, mermaid, html"},
		{"/?format=%1b[31m%3Cscript%3E", "", 400, "text/plain", `unknown format "\x1b[31m<script>"`},
		{"/?stacks=maybe", "", 400, "text/plain", "stacks must be 1 or 0"},
		{"/?old=soon", "", 400, "text/plain", "old must be a duration"},
		{"/?old=-1s", "", 400, "text/plain", "old must be a duration"},
	}
	for _, tt := range tests {
		w := ask(tt.target, header("Accept", tt.accept))
		if w.Code != tt.status || !strings.HasPrefix(w.Header().Get("Content-Type"), tt.kind) || !strings.Contains(w.Body.String(), tt.has) {
			t.Errorf("%s, accepting %q: got %d, %s, want %d, %s and %q in:\n%s", tt.target, tt.accept,
				w.Code, w.Header().Get("Content-Type"), tt.status, tt.kind, tt.has, w.Body)
		}
	}
}

func TestHandler_Methods(t *testing.T) {
	server := httptest.NewServer(debug.Handler())
	defer server.Close()
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"} {
		r, _ := http.NewRequest(method, server.URL, nil)
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != 405 || answer.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: got %s and Allow: %s", method, answer.Status, answer.Header.Get("Allow"))
		}
	}
	answer, err := server.Client().Head(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 || answer.ContentLength <= 0 {
		t.Errorf("HEAD: got %s and a length of %d", answer.Status, answer.ContentLength)
	}
}

// Whatever is answered, the headers that guard it are there.
func TestHandler_Headers(t *testing.T) {
	for name, w := range map[string]*httptest.ResponseRecorder{
		"text":     ask("/", nil),
		"html":     ask("/?format=html", nil),
		"json":     ask("/?format=json", nil),
		"400":      ask("/?format=xml", nil),
		"403":      ask("/", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" }),
		"405":      ask("/", func(r *http.Request) { r.Method = "POST" }),
		"anywhere": ask("/", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" }, debug.AnyClient()),
	} {
		for key, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "no-referrer",
			"Cache-Control":                "no-store",
			"Vary":                         "Accept",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(key); got != want {
				t.Errorf("%s: %s is %q, want %q", name, key, got, want)
			}
		}
		policy := w.Header().Get("Content-Security-Policy")
		has(t, policy, "default-src 'none'; ", "script-src 'sha256-", "style-src 'sha256-", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
		hasNot(t, policy, "unsafe", "http", "*")
	}
}

// Only who is on this machine, and means it, is answered.
func TestHandler_Access(t *testing.T) {
	tests := []struct {
		name   string
		edit   func(*http.Request)
		answer bool
	}{
		{"IPv4", nil, true},
		{"another of this machine", func(r *http.Request) { r.RemoteAddr = "127.8.9.10:1" }, true},
		{"IPv6", func(r *http.Request) { r.RemoteAddr, r.Host = "[::1]:40000", "[::1]:6060" }, true},
		{"IPv4 in IPv6", func(r *http.Request) { r.RemoteAddr = "[::ffff:127.0.0.1]:40000" }, true},
		{"no port", func(r *http.Request) { r.Host = "localhost" }, true},
		{"a name below localhost", func(r *http.Request) { r.Host = "app.localhost:6060" }, true},
		{"the same network", func(r *http.Request) { r.RemoteAddr = "192.168.1.7:40000" }, false},
		{"the internet", func(r *http.Request) { r.RemoteAddr = "203.0.113.9:40000" }, false},
		{"IPv6 internet", func(r *http.Request) { r.RemoteAddr = "[2001:db8::1]:40000" }, false},
		{"all addresses", func(r *http.Request) { r.RemoteAddr = "0.0.0.0:40000" }, false},
		{"no address", func(r *http.Request) { r.RemoteAddr = "" }, false},
		{"a socket", func(r *http.Request) { r.RemoteAddr = "@" }, false},
		{"a name for this machine", func(r *http.Request) { r.Host = "rebound.example:6060" }, false},
		{"a name that looks like it", func(r *http.Request) { r.Host = "localhost.example" }, false},
		{"a name that ends like it", func(r *http.Request) { r.Host = "evillocalhost" }, false},
		{"no host", func(r *http.Request) { r.Host = "" }, false},
		{"a proxy", header("X-Forwarded-For", "203.0.113.9"), false},
		{"another", header("Forwarded", "for=203.0.113.9"), false},
		{"the page itself", header("Sec-Fetch-Site", "same-origin"), true},
		{"typed by the user", header("Sec-Fetch-Site", "none"), true},
		{"another site's script", header("Sec-Fetch-Site", "cross-site"), false},
		{"a script of another port", header("Sec-Fetch-Site", "same-site"), false},
		{"another site's frame", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			r.Header.Set("Sec-Fetch-Dest", "iframe")
		}, false},
		{"a link from another site", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			r.Header.Set("Sec-Fetch-Dest", "document")
		}, true},
	}
	for _, tt := range tests {
		want := http.StatusForbidden
		if tt.answer {
			want = http.StatusOK
		}
		if w := ask("/", tt.edit); w.Code != want {
			t.Errorf("%s: got %d, want %d (%s)", tt.name, w.Code, want, w.Body)
		}
		if w := ask("/", tt.edit, debug.AnyClient()); w.Code != http.StatusOK {
			t.Errorf("%s: got %d with AnyClient (%s)", tt.name, w.Code, w.Body)
		}
	}
}
