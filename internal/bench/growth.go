package main

import (
	"fmt"
	"math"
	"os"
)

// series is something of which there may be few or very many.
type series struct {
	name, what  string
	least, most int // from one to the other by powers of ten
}

var growing = []series{
	{"tasks", "empty tasks in a scope", 10, 10_000_000},
	{"nested", "scopes within each other, cancelled from the top", 1, 10_000},
	{"members", "members of a WaitSet, taken one by one", 1, 1_000_000},
	{"waiters", "who wait for one task", 1, 100_000},
}

func (s series) sizes() (ns []int) {
	for n := s.least; n <= s.most; n *= 10 {
		ns = append(ns, n)
	}
	return ns
}

// steep is by how much the cost of one may rise when there are ten times as many, before that is called worse than linear: far above
// what caches and the collector do, and far below the ten that quadratic cost would show.
const steep = 3

// A point is what one of n costs.
type point struct {
	n         int
	ns, bytes float64
}

// growth measures how cost grows, and prints a table.
func (c command) growth() error {
	var chosen []row
	for _, s := range growing {
		for _, n := range s.sizes() {
			r := row{bench: "Growth", variant: s.name, n: fmt.Sprint(n), what: s.what}
			if n >= 100_000 {
				r.benchtime = "1x"
			}
			if c.match.MatchString(r.name()) {
				chosen = append(chosen, r)
			}
		}
	}
	measured, err := measure(chosen, c.rounds, c.usual)
	if err != nil {
		return err
	}
	curves := curvesOf(measured)
	fmt.Print(growthTable(curves))
	if c.svg != "" {
		if err := os.WriteFile(c.svg, []byte(plot(curves)), 0o666); err != nil {
			return err
		}
	}
	for _, s := range growing {
		if n := steepAt(curves[s.name]); n > 0 {
			err = fmt.Errorf("%s: worse than linear at %d", s.what, n)
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}
	if c.check {
		return err
	}
	return nil
}

// curvesOf returns the medians, by the name of the series.
func curvesOf(measured []measurement) map[string][]point {
	curves := map[string][]point{}
	for _, m := range measured {
		var ns, bytes []float64
		for _, s := range m.samples {
			ns = append(ns, s["creche"]["ns/op"]/float64(m.tasks()))
			bytes = append(bytes, s["creche"]["B/op"]/float64(m.tasks()))
		}
		curves[m.variant] = append(curves[m.variant], point{m.tasks(), spreadOf(ns).median, spreadOf(bytes).median})
	}
	return curves
}

// steepAt returns the first size at which one costs so much more than at a tenth of it, or 0. What is opened and awaited once is shared by
// few at the small sizes, so the cost falls there.
func steepAt(curve []point) int {
	for i := 1; i < len(curve); i++ {
		if curve[i].ns > steep*curve[i-1].ns {
			return curve[i].n
		}
	}
	return 0
}

func growthTable(curves map[string][]point) string {
	lines := [][]string{{"what", "how many", "ns for one", "of a tenth as many", "bytes for one"}}
	for _, s := range growing {
		for i, p := range curves[s.name] {
			rise := ""
			if i > 0 {
				rise = fmt.Sprintf("× %.2f", p.ns/curves[s.name][i-1].ns)
			}
			lines = append(lines, []string{s.what, fmt.Sprint(p.n), short(p.ns), rise, short(p.bytes)})
		}
	}
	return markdown(lines)
}

// plot draws the curves, both axes logarithmic.
func plot(curves map[string][]point) string {
	const left, top, width, height, low, high = 60.0, 60.0, 480.0, 320.0, 1.0, 6.0 // of the powers of ten
	x := func(n int) float64 { return left + width*math.Log10(float64(n))/7 }
	y := func(ns float64) float64 { return top + height*(1-(math.Log10(ns)-low)/(high-low)) }
	d := &drawing{width: left + width + 380, styles: ".curve{fill:none;stroke-width:2}" +
		".c0{stroke:#0969da}.c1{stroke:#bc4c00}.c2{stroke:#1a7f37}.c3{stroke:#8250df}\n"}
	d.text(10, 22, "head", "What one costs, as their number grows")
	d.text(10, 40, "dim", "Nanoseconds for one, by how many there are. A level line is linear cost.")
	for power := 0; power <= 7; power++ {
		n := int(math.Pow10(power))
		d.line(x(n), top, x(n), top+height, "grid")
		d.text(x(n), top+height+18, "mid dim", "%d", n)
	}
	for power := int(low); power <= int(high); power++ {
		ns := math.Pow10(power)
		d.line(left, y(ns), left+width, y(ns), "grid")
		d.text(left-6, y(ns)+4, "end dim", "%.0f", ns)
	}
	for i, s := range growing {
		curve := curves[s.name]
		for j := 1; j < len(curve); j++ {
			d.line(x(curve[j-1].n), y(curve[j-1].ns), x(curve[j].n), y(curve[j].ns), fmt.Sprintf("curve c%d", i))
		}
		at := top + 20*float64(i+1)
		d.line(left+width+20, at-4, left+width+44, at-4, fmt.Sprintf("curve c%d", i))
		d.text(left+width+50, at, "", "%s", s.what)
	}
	return d.finish(top+height+36, "Nanoseconds for one task, nested scope, member of a set and waiter, by their number")
}
