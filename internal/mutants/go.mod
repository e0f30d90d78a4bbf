module github.com/creche-go/creche/internal/mutants

go 1.25.0

replace github.com/creche-go/creche => ../..
