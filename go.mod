module github.com/creche-go/creche

go 1.25.0

require github.com/sourcegraph/conc v0.3.0

require github.com/google/go-cmp v0.7.0
