// Crechelint reports mistakes in the use of Creche: see the documentation of the module's package lint. It is run by itself,
// `crechelint ./...`, or by go vet, `go vet -vettool=$(which crechelint) ./...`.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/creche-go/creche/lint"
)

func main() { multichecker.Main(lint.Analyzers...) }
