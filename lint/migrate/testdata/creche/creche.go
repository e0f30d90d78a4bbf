// Package creche keeps in go.mod what the rewritten packages import.
package creche

import _ "github.com/creche-go/creche/group"
