package group

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/creche-go/creche/internal/policy"
)

// Ignore says that errors which match one of errs, as errors.Is tells, are no failures.
func Ignore(errs ...error) Option {
	if len(errs) == 0 {
		panic("group: Ignore needs errors, got none")
	}
	texts := make([]string, len(errs))
	for i, err := range errs {
		if err == nil {
			panic(fmt.Sprintf("group: Ignore: error %d is nil", i))
		}
		texts[i] = strconv.Quote(err.Error())
	}
	errs = append([]error(nil), errs...)
	is := func(err error) bool {
		for _, x := range errs {
			if errors.Is(err, x) {
				return true
			}
		}
		return false
	}
	return filterOption{"Ignore(" + strings.Join(texts, ", ") + ")", func(f *policy.Filters) {
		f.Ignore = append(f.Ignore, policy.Ignore{Option: "Ignore", Is: is})
	}}
}

// IgnoreFunc says that errors for which f returns true are no failures.
func IgnoreFunc(f func(error) bool) Option {
	if f == nil {
		panic("group: IgnoreFunc needs a function, got nil")
	}
	return filterOption{"IgnoreFunc(" + nameOf(f) + ")", func(p *policy.Filters) {
		p.Ignore = append(p.Ignore, policy.Ignore{Option: "IgnoreFunc", Is: f})
	}}
}

// MapError replaces each error by what f makes of it. If that is nil, it is no failure.
func MapError(f func(error) error) Option {
	if f == nil {
		panic("group: MapError needs a function, got nil")
	}
	return filterOption{"MapError(" + nameOf(f) + ")", func(p *policy.Filters) { p.Map = append(p.Map, f) }}
}

// Echo tells of errors that only repeat a cancellation, but that errors.Is does not recognise as [context.Canceled], such as status
// codes and errors of drivers. It is asked only about errors of tasks that were cancelled: about the error itself and what it wraps;
// of errors that wrap several, only about the parts.
func Echo(f func(error) bool) Option {
	if f == nil {
		panic("group: Echo needs a function, got nil")
	}
	return filterOption{"Echo(" + nameOf(f) + ")", func(p *policy.Filters) { p.Echo = append(p.Echo, f) }}
}

// FirstError makes the error of Wait that of one failure alone: the one that ended the scope, or else the first. A panic that propagates
// has all failures nevertheless.
func FirstError() Option { return firstErrorOption{} }

type (
	filterOption struct {
		text string
		add  func(*policy.Filters)
	}
	firstErrorOption struct{}
)

func (o filterOption) applyScope(p *policy.Scope)   { o.add(&p.Filters) }
func (firstErrorOption) applyScope(p *policy.Scope) { p.FirstError = true }

func (o filterOption) String() string   { return "group." + o.text }
func (firstErrorOption) String() string { return "group.FirstError()" }
