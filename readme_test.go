package creche_test

import (
	"os"
	"strings"
	"testing"
)

// The quick start of the README is the body of Example, to the letter.
func TestReadmeQuickStart(t *testing.T) {
	_, block, _ := strings.Cut(read(t, "README.md"), "```go\n")
	block, _, _ = strings.Cut(block, "```\n")
	_, body, _ := strings.Cut(read(t, "example_test.go"), "func Example() {\n")
	body, _, _ = strings.Cut(body, "\n}\n")
	var want strings.Builder
	for line := range strings.Lines(body + "\n") {
		want.WriteString(strings.TrimPrefix(line, "\t"))
	}
	if block != want.String() {
		t.Errorf("README.md has\n%s\nexample_test.go has\n%s", block, want.String())
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n") // as git may write it on Windows
}
