package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/creche-go/creche/group"
)

// seen counts the elements that match and that a user can see.
func seen(selector string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).length`, selector)
}

const tasks = 1000

// TestTree does with the page what its users do.
func TestTree(t *testing.T) {
	w := newWindow(t)
	s := openShop(t, tasks)
	w.open(s.url)
	all := eval[int](w, seen(".task"))
	if all < tasks {
		t.Fatalf("the page has %d tasks, want %d at least", all, tasks)
	}
	// Everything here is the page that was loaded at first: a refresh must not be a new one.
	w.do(chromedp.Evaluate[chromedp.Void](`window.loaded = true`))

	w.run("names are shown and not obeyed", func(t *testing.T) {
		text := eval[string](w, `document.querySelector("#live").textContent`)
		for _, want := range []string{"</script><script>document.title=", `\n\x1b[31m \u202edesrever`, `"<b>warehouse</b>"`} {
			if !strings.Contains(text, want) {
				t.Errorf("the page does not show %q", want)
			}
		}
		if n := eval[int](w, `document.querySelectorAll("script, img, b b").length`); n != 1 {
			t.Errorf("%d elements that the page should not have, or no script", n-1)
		}
	})
	w.run("warnings", func(t *testing.T) {
		w.is(`document.querySelector("#warnings .runsOn")?.textContent.includes("print the label[0]")`)
		w.do(click("#collapse"))
		w.do(click("#warnings .runsOn a"))
		w.is(seen(":target") + " === 1") // although what it is in was collapsed
		w.do(click("#expand"))
	})
	w.run("filter", func(t *testing.T) {
		w.do(press("/"), press("fetch 777 queued"))
		w.is(seen(".task.queued") + " === 0") // article 877 is the last that runs
		w.do(press(kb.Escape), typeInto("#filter", "FETCH articles/777"))
		w.is(seen(".task .row.found") + " === 1")
		w.is(seen(".scope") + " === 2") // what it lies in
		w.is(fmt.Sprintf(`document.querySelector("#status").textContent === "1 of %d found"`, eval[int](w, `document.querySelectorAll(".row").length`)))
		w.do(press(kb.Escape))
		w.is(seen(".task") + fmt.Sprintf(" === %d", all))
	})
	w.run("collapse", func(t *testing.T) {
		w.do(press("c"))
		w.is(seen(".task") + " === 0")
		w.do(press("e"))
		w.is(seen(".task") + fmt.Sprintf(" === %d", all))
	})
	w.run("by keyboard", func(t *testing.T) {
		w.do(focus("#tree summary"), press(kb.Enter))
		w.is(seen(".task") + " === 0")
		w.do(press(kb.Enter))
		w.is(seen(".task") + fmt.Sprintf(" === %d", all))
	})
	w.run("refresh", func(t *testing.T) {
		w.do(focus("#tree .scope .scope summary"), press(kb.Enter))
		late := s.shop.Go(wait, group.Name("a late one"))
		w.is(`document.querySelector("#tree").textContent.includes("a late one")`)
		late.Cancel(nil)
		w.is(`!document.querySelector("#tree").textContent.includes("a late one")`)
		w.is(`window.loaded && !document.activeElement.parentNode.open && document.activeElement.nodeName === "SUMMARY"`)
		w.do(press("e"))
	})
	w.run("pause", func(t *testing.T) {
		w.do(click("#pause"))
		at := eval[string](w, `document.querySelector("#summary time").textContent`)
		w.do(chromedp.Evaluate[chromedp.Void](`refresh()`)) // one that was on its way
		if now := eval[string](w, `document.querySelector("#summary time").textContent`); now != at {
			t.Errorf("the page is paused, and has changed from %s to %s", at, now)
		}
		w.do(click("#pause"))
	})
	w.run("where blocked", func(t *testing.T) {
		w.do(click("#stacks"))
		w.is(`[...document.querySelectorAll(".at")].filter(e => e.textContent.includes("chan receive in ") && e.textContent.includes("browser.wait")).length > 700`)
		w.do(click("#stacks"))
		w.is(`document.querySelectorAll(".at").length === 0`)
	})
	w.silent()
	w.run("the program ends", func(t *testing.T) {
		s.close()
		w.is(`document.body.classList.contains("stale") && document.querySelector("#status").textContent.includes("no answer")`)
		w.is(seen(".task") + " > 0")
	})
}

// TestTree_TenThousand has more tasks than the page shows at once.
func TestTree_TenThousand(t *testing.T) {
	w := newWindow(t)
	s := openShop(t, 10_000)
	w.open(s.url)
	w.do(chromedp.Evaluate[chromedp.Void](`window.loaded = true`))
	some := eval[int](w, seen(".task"))
	if some < 1000 || some > 2100 {
		t.Errorf("the page has %d tasks", some)
	}
	w.run("filter", func(t *testing.T) {
		w.is(`!document.querySelector("#tree").textContent.includes("articles/9876")`)
		w.do(press("/"), press("articles/9876"))
		w.is(seen(".task .row.found") + " === 1")
		w.is(`document.querySelector(".task .row.found").textContent.includes("articles/9876")`)
		w.do(press(kb.Escape))
		w.is(seen(".task") + fmt.Sprintf(" === %d", some))
	})
	w.run("refresh", func(t *testing.T) {
		late := s.shop.Go(wait, group.Name("a late one"))
		defer late.Cancel(nil)
		w.is(`window.loaded && document.querySelector("#tree").textContent.includes("a late one")`)
	})
	w.run("where blocked", func(t *testing.T) {
		w.do(press("s"))
		w.is(`[...document.querySelectorAll(".at")].filter(e => e.textContent.includes("browser.wait")).length > 1000`)
	})
	// With the rows as list items, filtering took fifty times as long as building the tree: each that was hidden had the browser number the
	// rest anew.
	w.run("filtering costs less than building the tree", func(t *testing.T) {
		w.do(press("p"))
		const median = `(f => {
			const times = [];
			for (let i = 0; i < 5; i++) {
				$("filter").value = "";
				arrange();
				document.body.offsetHeight;
				const began = performance.now();
				f();
				document.body.offsetHeight;
				times.push(performance.now() - began);
			}
			return times.sort((a, b) => a - b)[2];
		})`
		filter := eval[float64](w, median+`(() => { $("filter").value = "articles/777"; arrange(); })`)
		build := eval[float64](w, median+`(() => { $("tree").innerHTML = $("tree").innerHTML; })`)
		if filter > 2*build {
			t.Errorf("it takes %.0f ms to filter %d rows, and %.0f ms to build them", filter, some, build)
		} else {
			t.Logf("%.0f ms to filter %d rows, %.0f ms to build them", filter, some, build)
		}
	})
	w.silent()
}

// TestComplaints has a page that breaks the rules, so that the other test is known to hear of that.
func TestComplaints(t *testing.T) {
	w := newWindow(t)
	s := openShop(t, 1)
	w.open(s.url)
	w.do(chromedp.Evaluate[chromedp.Void](`
		const x = document.createElement("script");
		x.textContent = "window.owned = true";
		document.body.append(x);
		window.owned`))
	if len(w.complained()) == 0 {
		t.Error("a script that the policy forbids was not complained of")
	}
	if eval[bool](w, `window.owned === true`) {
		t.Error("and it ran")
	}
}
