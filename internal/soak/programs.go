package main

import (
	"context"
	"fmt"
	"time"

	"github.com/creche-go/creche/internal/programs"
)

// unit is short, so that a program that waits until the horizon takes 20 ms.
const unit = 20 * time.Microsecond

// runPrograms runs one program after the other. Every other one keeps no order, so that the race detector sees all.
func (s *soak) runPrograms(ctx context.Context) {
	for ctx.Err() == nil {
		seed := s.seed.Add(1)
		size := 12
		if seed%4 == 0 {
			size = 60
		}
		p := programs.Generate(seed, size)
		found := execute(p, seed%2 == 0)
		s.programs.Add(1)
		if len(found) == 0 {
			continue
		}
		what := fmt.Sprintf("the program of seed %d, size %d:", seed, size)
		for _, v := range found {
			what += "\n" + v.String()
		}
		small := programs.Shrink(p, func(q *programs.Program) bool {
			for range 30 {
				if vs := execute(q, false); len(vs) > 0 && vs[0].Like(found[0]) {
					return true
				}
			}
			return false
		})
		s.violated("%s\n%s", what, programs.Source(programs.Titled{Name: "Program", Comment: what, Program: small}))
	}
}

func execute(p *programs.Program, blind bool) []programs.Violation {
	return programs.Check(programs.Execute(p, programs.Config{Unit: unit, Blind: blind}))
}
