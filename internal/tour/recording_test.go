package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// A file with a timeline has the chapters, their acts and the tasks of these, and the transcript is as it would be without.
func TestTimelineFile(t *testing.T) {
	folder := t.TempDir()
	for name, args := range map[string][]string{
		"next.html": {"-timeline", "FILE", "groups", "hedge"}, "joined.svg": {"groups", "-timeline=FILE", "hedge"}, "last.json": {"groups", "hedge", "-timeline", "FILE"},
	} {
		synctest.Test(t, func(t *testing.T) {
			file := filepath.Join(folder, name)
			for i := range args {
				args[i] = strings.Replace(args[i], "FILE", file, 1)
			}
			status, stdout, stderr := tourOf(t.Context(), args...)
			if status != 0 || stderr != "" {
				t.Errorf("%q: status %d and messages %q, want 0 and none", args, status, stderr)
			}
			if _, plain, _ := tourOf(t.Context(), "groups", "hedge"); stdout != plain {
				t.Errorf("%q: there is\n%s\nwant\n%s", args, stdout, plain)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			has(t, string(text), "groups", "hedge", "Three groups below one scope", "group 2", "3.9")
			if strings.HasSuffix(name, ".json") && !json.Valid(text) {
				t.Errorf("%s is no JSON", name)
			}
		})
	}
}

func TestTimelineFile_Wrong(t *testing.T) {
	if status, _, stderr := tourOf(t.Context(), "hedge", "-timeline=picture.png"); status != 2 || !strings.Contains(stderr, "it must be a file named .html, .svg or .json") {
		t.Errorf("status %d and messages %q", status, stderr)
	}
	if status, _, stderr := tourOf(t.Context(), "-timeline", "picture.png"); status != 2 || !strings.Contains(stderr, `there is no chapter "picture.png"`) {
		t.Errorf("status %d and messages %q", status, stderr)
	}
	synctest.Test(t, func(t *testing.T) {
		status, stdout, stderr := tourOf(t.Context(), "-timeline", filepath.Join(t.TempDir(), "none", "x.svg"), "hedge")
		if status != 1 || !strings.Contains(stdout, "== hedge") || !strings.HasPrefix(stderr, "tour: -timeline: ") {
			t.Errorf("status %d, output %q and messages %q", status, stdout, stderr)
		}
	})
}
