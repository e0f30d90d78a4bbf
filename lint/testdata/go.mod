module cases

go 1.25.0

replace github.com/creche-go/creche => ../..

require github.com/creche-go/creche v0.0.0-00010101000000-000000000000

require github.com/sourcegraph/conc v0.3.0 // indirect
