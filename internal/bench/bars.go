package main

import "slices"

// The measures of the bar chart. Most ratios lie between 0 and 2; to show the few that are 100 would flatten all others.
const (
	barsLeft  = 100.0
	barsUnit  = 250.0 // the length of a ratio of 1
	barsMost  = 2.0   // where longer bars are cut off
	barHeight = 11.0
	barStep   = 14.0
)

// bars draws the ratio of each peer, with the budget as a line and the spread of creche's ratios. Rows that have no reference have no
// ratio, and are left out.
func bars(measured []measurement) string {
	d := &drawing{width: barsLeft + barsMost*barsUnit + 70}
	d.text(10, 22, "head", "Time of a peer, as a share of the reference's")
	d.text(10, 40, "dim", "Shorter is better. Dashed: creche's budget. Thin: the spread of its ratios. Bars end at %g; rows with no reference are not drawn.", barsMost)
	y := 64.0
	for _, m := range measured {
		if m.ref != "" {
			y = d.bars(m, y)
		}
	}
	return d.finish(y, "Time of creche and its peers as a share of the reference's, in each case")
}

// bars draws one row below y and returns where the next one begins.
func (d *drawing) bars(m measurement, y float64) float64 {
	d.text(10, y, "head", "%s", m.what)
	y += 7
	top := y
	// Creche comes first, and the others in the order of the columns.
	for _, p := range slices.Concat([]string{"creche"}, peers[:len(peers)-1]) {
		ratios := m.ratios(p)
		if len(ratios) == 0 {
			continue
		}
		s := spreadOf(ratios)
		class := "peer"
		if p == "creche" {
			class = "mine"
			if s.against(m.budget) == beyond {
				class = "over"
			}
		}
		end := place(s.median)
		d.text(barsLeft-6, y+barHeight-1, "end dim", "%s", p)
		d.rect(barsLeft, y, end-barsLeft, barHeight, class)
		if p == "creche" {
			d.line(place(s.least), y+barHeight/2, place(s.most), y+barHeight/2, "whisker")
			end = max(end, place(s.most), place(m.budget))
		}
		cut := ""
		if s.median > barsMost {
			cut = "» "
		}
		d.text(end+5, y+barHeight-1, "dim", "%s%.2f", cut, s.median)
		y += barStep
	}
	for _, ratio := range []float64{0, 1} {
		d.line(place(ratio), top-2, place(ratio), y, "grid")
	}
	d.line(place(m.budget), top-2, place(m.budget), top+barHeight+2, "budget")
	return y + 20
}

func place(ratio float64) float64 { return barsLeft + min(ratio, barsMost)*barsUnit }
