package browser

import (
	"context"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A window is a page in a browser of its own.
type window struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string // errors that the console shows, among them what the page's policy has forbidden; and dialogues
}

// chromium finds the browser.
func chromium(t *testing.T) (path string) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("SKIPPED: there is no chromium, which the script internal/browser/install installs")
	return ""
}

// newWindow starts a browser, headless, which ends with the test.
func newWindow(t *testing.T) *window {
	t.Helper()
	w := &window{t: t}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1280, 860))
	t.Cleanup(stop)
	w.ctx, stop = chromedp.NewContext(ctx, chromedp.WithListener(w.hear))
	t.Cleanup(stop)
	return w
}

func (w *window) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.complain("exception: " + e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			w.complain("console.error")
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			w.complain(e.Entry.Text)
		}
	case *page.EventJavascriptDialogOpening:
		w.complain("dialogue: " + e.Message)
	}
}

// run runs a part of the test.
func (w *window) run(name string, f func(t *testing.T)) {
	defer func(t *testing.T) { w.t = t }(w.t)
	w.t.Run(name, func(t *testing.T) {
		w.t = t
		f(t)
	})
}

func (w *window) complain(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complaints = append(w.complaints, what)
}

func (w *window) complained() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.complaints)
}

type action = chromedp.Action[chromedp.Void]

func (w *window) do(actions ...action) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, actions...); err != nil {
		w.t.Fatal(err)
	}
}

// open loads a page.
func (w *window) open(url string) {
	w.t.Helper()
	w.do(chromedp.Navigate(url))
}

// prefer is what a user does in the settings of the browser: the scheme is light or dark.
func (w *window) prefer(scheme string) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// size makes the window so large, in pixels.
func (w *window) size(width, height int64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, height))
}

// shot returns a picture of what is to be seen, as PNG.
func (w *window) shot() []byte {
	w.t.Helper()
	shot, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatal(err)
	}
	return shot
}

// silent fails the test if the browser has complained.
func (w *window) silent() {
	w.t.Helper()
	if c := w.complained(); len(c) > 0 {
		w.t.Errorf("the browser complains: %q", c)
	}
}

// is waits until the expression is true.
func (w *window) is(expression string) {
	w.t.Helper()
	_, err := chromedp.Run(w.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(20*time.Second)))
	if err != nil {
		w.t.Errorf("never true: %s (%v)", expression, err)
	}
}

// eval returns the value of the expression.
func eval[T any](w *window, expression string) T {
	w.t.Helper()
	v, err := chromedp.Run(w.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func click(selector string) action       { return chromedp.Click(chromedp.CSS(selector)) }
func focus(selector string) action       { return chromedp.Focus(chromedp.CSS(selector)) }
func typeInto(selector, s string) action { return chromedp.SendKeys(chromedp.CSS(selector), s) }
func press(keys string) action           { return chromedp.KeyEvent(keys) }
