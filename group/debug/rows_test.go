package debug_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/creche-go/creche/group"
	"github.com/creche-go/creche/group/debug"
)

var row = regexp.MustCompile(`<li id="s(\d+)t\d+" class="task`)

// rows counts the tasks on a page, by scope.
func rows(page string) map[string]int {
	n := map[string]int{}
	for _, m := range row.FindAllStringSubmatch(page, -1) {
		n[m[1]]++
	}
	return n
}

// A page has so many tasks as a browser can take, those that are searched for among them. What programs read has them all.
func TestPage_ManyTasks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("many", group.Limit(9_000)))
		few := group.New[int](g.Context(), group.Name("few"))
		for i := range 10_000 {
			g.Go(obedient, group.Name(fmt.Sprintf("Item <%d>", i)))
		}
		for range 10 {
			few.Go(obedient)
		}
		synctest.Wait()

		page := dump(t, debug.HTML)
		if n := rows(page); n["1"] != debug.Shown-10 || n["2"] != 10 {
			t.Errorf("the page has %v of the tasks, want %d and all 10", n, debug.Shown-10)
		}
		has(t, page, fmt.Sprintf("and %d more", 10_000-debug.Shown+10), "Item &lt;0&gt;")
		hasNot(t, page, "Item &lt;9999&gt;")
		for q, want := range map[string]string{"9999": "Item &lt;9999&gt;", "item+4321": "Item &lt;4321&gt;", "queued+ITEM": "Item &lt;9500&gt;"} {
			has(t, ask("/?format=html&q="+q, nil).Body.String(), want)
		}
		for _, f := range []debug.Format{debug.Text, debug.JSON} {
			if n := strings.Count(dump(t, f), "Item "); n != 10_000 {
				t.Errorf("%s: %d tasks, want all 10000", f, n)
			}
		}
		g.Cancel(nil)
		few.Wait()
		g.Wait()
	})
}

// What a filter finds may be where a task is blocked, and a task with scopes below it is never left out.
func TestPage_NothingImportantLeftOut(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := group.New[int](t.Context(), observed("many"))
		for range 3_000 {
			g.Go(obedient)
		}
		g.Go(blockHere, group.Name("the blocked"))
		g.Go(within("inner", func(_ context.Context, g *intGroup) error { g.Go(obedient, group.Name("deep")); return nil }), group.Name("the owner"))
		synctest.Wait()
		page := ask("/?format=html&stacks=1&q=blockhere+stacks_test", nil).Body.String()
		has(t, page, "the blocked", "the owner", "deep")
		page = ask("/?format=html&q=blockhere", nil).Body.String()
		has(t, page, "the owner", "deep")
		hasNot(t, page, "the blocked")
		g.Cancel(nil)
		g.Wait()
	})
}
