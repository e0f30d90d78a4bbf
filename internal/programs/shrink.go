package programs

import (
	"reflect"
	"slices"
)

// Shrink returns a program that fails as p does, and from which nothing can be taken without its not failing any more.
func Shrink(p *Program, fails func(*Program) bool) *Program {
	for again := true; again; {
		again = false
		for i := 0; ; {
			q := clone(p)
			list := edits(q)
			if i >= len(list) {
				break
			}
			list[i]()
			mend(q)
			if reflect.DeepEqual(p, q) || !fails(q) {
				i++
				continue
			}
			p, again = q, true // what was edit i+1 is now i
		}
	}
	return p
}

// clone copies all of a program.
func clone(p *Program) *Program { return deepCopy(reflect.ValueOf(p)).Interface().(*Program) }

func deepCopy(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.Set(reflect.New(v.Type().Elem()))
			c.Elem().Set(deepCopy(v.Elem()))
		}
	case reflect.Interface:
		if !v.IsNil() {
			c.Set(deepCopy(v.Elem()))
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.Set(reflect.Append(c, deepCopy(v.Index(i))))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.Field(i).Set(deepCopy(v.Field(i)))
		}
	default:
		c.Set(v)
	}
	return c
}

// edits lists what can be made simpler in a program, the larger parts first.
func edits(p *Program) (list []func()) {
	e := &editor{}
	e.zero(&p.CancelAt)
	e.scope(p.Root)
	return e.list
}

type editor struct{ list []func() }

func (e *editor) add(f func()) { e.list = append(e.list, f) }

// zero makes a number 0.
func (e *editor) zero(n *int) {
	if *n != 0 {
		e.add(func() { *n = 0 })
	}
}

// one makes a duration 1.
func (e *editor) one(n *int) {
	if *n > 1 {
		e.add(func() { *n = 1 })
	}
}

func (e *editor) off(b *bool) {
	if *b {
		e.add(func() { *b = false })
	}
}

// drops drops each element.
func drops[T any](e *editor, list *[]T) {
	for i := range *list {
		e.add(func() { *list = slices.Delete(*list, i, i+1) })
	}
}

func (e *editor) scope(s *Scope) {
	drops(e, &s.Tasks)
	e.block(&s.Body)
	drops(e, &s.Options)
	if s.Via != Direct {
		e.add(func() { s.Via = Direct })
	}
	e.off(&s.Catch)
	e.off(&s.Leave)
	if s.Kind != Quorum {
		e.zero(&s.N)
	}
	for _, t := range s.Tasks {
		e.task(t)
	}
}

func (e *editor) task(t *Task) {
	e.block(&t.Body)
	if t.By == Start { // its name has to stay
		e.add(func() { t.Options = []Option{{Name: "Name", N: t.ID}} })
	} else {
		drops(e, &t.Options)
	}
	if t.By != Go && t.By != PartOf {
		e.add(func() { t.By = Go })
	}
}

func (e *editor) block(b *Block) {
	e.steps(&b.Steps)
	if b.End.How != Succeed {
		e.add(func() { b.End = End{How: Succeed} })
	}
	e.zero(&b.End.Kind)
}

func (e *editor) steps(list *[]Step) {
	if len(*list) > 1 {
		e.add(func() { *list = nil })
	}
	drops(e, list)
	for i, s := range *list {
		hoist := func(steps []Step) { e.add(func() { *list = slices.Replace(*list, i, i+1, staying(steps)...) }) }
		switch s := s.(type) {
		case *Open:
			if s.Scope.Kind.Grouped() {
				hoist(s.Scope.Body.Steps)
			}
			for _, t := range s.Scope.Tasks {
				hoist(t.Body.Steps)
			}
			e.scope(s.Scope)
		case *Shielded:
			hoist(s.Steps)
			e.one(&s.Grace)
			e.steps(&s.Steps)
		case *Spawn:
			hoist(s.Task.Body.Steps)
			e.task(s.Task)
		case *Take:
			drops(e, &s.Tasks)
			e.zero(&s.Within)
			e.zero(&s.Max)
			for _, t := range s.Tasks {
				e.task(t)
			}
		case *Sleep:
			e.one(&s.D)
		case *Nap:
			e.off(&s.Leave)
			e.one(&s.D)
		case *Join:
			e.zero(&s.Within)
		case *MakeSet:
			drops(e, &s.Tasks)
		case *TakeSet:
			e.zero(&s.Within)
			e.zero(&s.Max)
		case *Await:
			drops(e, &s.Tasks)
			e.zero(&s.Within)
		}
	}
}

// staying returns the steps for a place that cannot be left.
func staying(steps []Step) (list []Step) {
	for _, s := range steps {
		if nap, ok := s.(*Nap); ok {
			s = &Nap{D: nap.D}
		}
		list = append(list, s)
	}
	return list
}
