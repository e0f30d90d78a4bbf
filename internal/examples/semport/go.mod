module github.com/creche-go/creche/internal/examples/semport

go 1.25.0

require (
	github.com/creche-go/creche v0.0.0-00010101000000-000000000000
	github.com/google/go-cmp v0.7.0
	golang.org/x/sync v0.18.0
)

require github.com/sourcegraph/conc v0.3.0 // indirect

replace github.com/creche-go/creche => ../../..
