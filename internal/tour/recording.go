package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/timeline"
)

// timelines is what is asked for by the flag of that name.
type timelines struct {
	drawn    bool // in the transcript
	file     string
	recorder *timeline.Recorder // if there is a file
}

// room is for the events of as many tasks as a chapter of the tour has, and many more.
const room = 1 << 16

// set is for the flag, whose value is "true" if none is joined to it. The file may follow as the next argument.
func (t *timelines) set(value string) error {
	if value == "true" {
		t.drawn = t.file == ""
		return nil
	}
	return t.into(value)
}

// into makes name the file to write, if it is one.
func (t *timelines) into(name string) error {
	if writers[filepath.Ext(name)] == nil {
		return errors.New("it must be a file named .html, .svg or .json")
	}
	t.drawn, t.file, t.recorder = false, name, timeline.New(room)
	return nil
}

var writers = map[string]func(*timeline.Recorder, io.Writer) error{
	".html": (*timeline.Recorder).WriteHTML,
	".svg":  (*timeline.Recorder).WriteSVG,
	".json": (*timeline.Recorder).WriteTrace,
}

// record calls part. If there is a file to write, it does so in a scope that is watched: so are those that are opened in there.
func (t *timelines) record(ctx context.Context, name string, part func(context.Context) error) (err error) {
	if t.recorder == nil {
		return part(ctx)
	}
	_, _ = group.Run(ctx, func(ctx context.Context, _ *group.TaskGroup[struct{}]) error {
		err = part(ctx) // as it is, for those who print it
		return err
	}, group.Name(name), t.recorder.Observe())
	return err
}

// write writes the file, if there is one.
func (t *timelines) write() error {
	if t.recorder == nil {
		return nil
	}
	f, err := os.Create(t.file)
	if err != nil {
		return err
	}
	if err := writers[filepath.Ext(t.file)](t.recorder, f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
