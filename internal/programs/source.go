package programs

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"
)

// A Titled is a program with a name, which is that of its test, and a comment.
type Titled struct {
	Name, Comment string
	*Program
}

// Source returns a file of tests that do what the programs do, on the public API alone, and log what happens.
func Source(list ...Titled) []byte {
	p := new(printer)
	for _, x := range list {
		p.program(x)
	}
	body := p.String() + helpers
	head := "package program_test\n\nimport (\n"
	for _, path := range []string{"context", "errors", "fmt", "runtime", "slices", "testing", "testing/synctest", "time", "",
		"github.com/creche-go/creche/group", "github.com/creche-go/creche/iter", "github.com/creche-go/creche/waitset"} {
		if path == "" {
			head += "\n"
		} else if strings.Contains(body, path[strings.LastIndexByte(path, '/')+1:]+".") {
			head += fmt.Sprintf("%q\n", path)
		}
	}
	text, err := format.Source([]byte(head + ")\n" + body))
	if err != nil {
		return []byte(head + ")\n" + body) // to be looked at
	}
	return text
}

// kindNames are the names of the kinds of faults in a source.
var kindNames = []string{"errPlain", "errIgnorable", "errMappable", "errForgettable", "errEchoing"}

// printer writes Go. What it writes is indented later.
type printer struct{ bytes.Buffer }

func (p *printer) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *printer) program(x Titled) {
	for line := range strings.Lines(x.Comment) {
		p.line("// %s", strings.TrimRight(line, "\n"))
	}
	p.line("func Test%s(t *testing.T) {\nsynctest.Test(t, func(t *testing.T) {", x.Name)
	p.line("ctx, cancel := context.WithCancelCause(context.Background())\ndefer cancel(nil)")
	if x.CancelAt > 0 {
		p.line("defer time.AfterFunc(%d*unit, func() { cancel(errOutside) }).Stop()", x.CancelAt)
	}
	p.line("defer time.AfterFunc(%d*unit, func() { cancel(errHorizon) }).Stop()", Horizon)
	var root printer
	root.open(x.Root)
	for i, n := range x.Limiters {
		if bytes.Contains(root.Bytes(), []byte(Option{Name: sharedLimit, N: i}.text())) {
			p.line("l%d := group.NewLimiter(%d)", i, n)
		}
	}
	p.line("alone(t, func() {\nvar err error\n_ = err")
	p.Write(root.Bytes())
	p.line("})\n})\n}\n")
}

// options returns the last arguments of a call.
func options(list []Option) (s string) {
	for _, o := range list {
		s += ", " + o.text()
	}
	return s
}

// function writes the literal of a function that returns (int, error), or, if bare is set, an error.
func (p *printer) function(who string, value int, b Block, bare bool) {
	if bare {
		p.line("func(ctx context.Context) error {")
	} else {
		p.line("func(ctx context.Context) (int, error) {")
	}
	p.body(who, value, b, bare, -1)
	fmt.Fprint(p, "}")
}

// body writes what a function does. After so many steps, it calls ready.
func (p *printer) body(who string, value int, b Block, bare bool, ready int) {
	p.line("defer begin(t, %q)()\nvar err error\n_ = err", who)
	var end printer
	end.end(who, value, b.End, bare)
	p.steps(b.Steps[:max(0, ready)], end.String())
	if ready >= 0 {
		p.line("ready(%d)", value)
	}
	p.steps(b.Steps[max(0, ready):], end.String())
	p.Write(end.Bytes())
}

func (p *printer) end(who string, value int, e End, bare bool) {
	ret := func(err string) {
		if bare {
			p.line("return %s", err)
		} else {
			p.line("return %d, %s", value, err)
		}
	}
	fault := fmt.Sprintf("fault(%q, %s)", who, kindNames[e.Kind])
	switch e.How {
	case Fail:
		ret(fault)
	case Last:
		ret("err")
	case Echo:
		ret("ctx.Err()")
	case Cause:
		ret("context.Cause(ctx)")
	case Wrapped:
		ret("wrapped(context.Cause(ctx))")
	case Joined:
		ret("errors.Join(ctx.Err(), " + fault + ")")
	case False:
		ret("context.Canceled")
	case Panic:
		p.line("panic(%s)", fault)
	case PanicOdd:
		p.line("panic(%q)", who)
	case Goexit:
		p.line("runtime.Goexit()")
		ret("nil")
	default:
		ret("nil")
	}
}

// handles lists tasks as arguments.
func handles(tasks []int) string {
	var names []string
	for _, t := range tasks {
		names = append(names, fmt.Sprintf("t%d", t))
	}
	return strings.Join(names, ", ")
}
