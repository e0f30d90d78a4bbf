package debug

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// refusal returns why a request is not answered, or nothing if it comes from this machine and is meant for it.
func refusal(r *http.Request) string {
	if !isLoopback(hostOf(r.RemoteAddr)) {
		return "only clients on the same machine are answered (see AnyClient)"
	}
	// A page of another site may have its own name resolve to 127.0.0.1, and then read what it gets from there.
	if host := hostOf(r.Host); host != "localhost" && !strings.HasSuffix(host, ".localhost") && !isLoopback(host) {
		return "only requests for localhost or a loopback address are answered (see AnyClient)"
	}
	// A proxy on this machine speaks for clients that are elsewhere.
	for _, key := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if _, ok := r.Header[key]; ok {
			return "requests that a proxy has passed on are not answered (see AnyClient)"
		}
	}
	// A page of another site cannot read the answer, but it could ask for stacks again and again. Following a link is another matter.
	if site := r.Header.Get("Sec-Fetch-Site"); (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Dest") != "document" {
		return "requests that a page of another site makes are not answered (see AnyClient)"
	}
	return ""
}

// hostOf takes the port off.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.TrimSuffix(strings.TrimPrefix(address, "["), "]")
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
