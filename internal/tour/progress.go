package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress tells how far a piece of work is: by a bar on a terminal, by four plain lines anywhere else. Tasks may step at once.
type progress struct {
	mu          sync.Mutex
	w           io.Writer
	label       string
	done, total int
	bar         *progressbar.ProgressBar // nil: plain lines
}

func newProgress(w io.Writer, label string, total int) *progress {
	p := &progress{w: w, label: label, total: total}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetDescription(fmt.Sprintf("%-18s", label)),
			progressbar.OptionSetWidth(30),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionThrottle(50*time.Millisecond),
		)
	}
	return p
}

// step records one more finished piece.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.bar != nil {
		_ = p.bar.Add(1) // a bar that cannot be drawn is no reason to stop
		return
	}
	if p.done*4/p.total > (p.done-1)*4/p.total {
		fmt.Fprintf(p.w, "%s: %d of %d\n", p.label, p.done, p.total)
	}
}

// end leaves the bar as it stands, also when the work was cut short, and goes to the next line.
func (p *progress) end() {
	if p.bar != nil {
		fmt.Fprintln(p.w)
	}
}
