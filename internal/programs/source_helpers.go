package programs

// helpers are the functions that all programs use.
const helpers = `
const unit = time.Second

var (
	errPlain, errIgnorable, errMappable    = errors.New("plain"), errors.New("ignorable"), errors.New("mappable")
	errForgettable, errEchoing             = errors.New("forgettable"), errors.New("echoing")
	errHorizon, errOutside                 = errors.New("the horizon"), errors.New("from outside")
)

type (
	fn  = func(context.Context) (int, error)
	key struct{}
)

func fault(who string, kind error) error { return fmt.Errorf("%s: %w", who, kind) }
func isIgnorable(err error) bool         { return errors.Is(err, errIgnorable) }
func isEchoing(err error) bool           { return errors.Is(err, errEchoing) }
func call(ctx context.Context, f fn) (int, error) { return f(ctx) }

func mapError(err error) error {
	if errors.Is(err, errMappable) {
		return fmt.Errorf("mapped: %w", err)
	}
	return err
}

func forget(err error) error {
	if errors.Is(err, errForgettable) {
		return nil
	}
	return err
}

func wrapped(err error) error {
	if err != nil {
		err = fmt.Errorf("cleaning up: %w", err)
	}
	return err
}

// stopWhen stops at the nth end (0), failure (1) or success (2).
func stopWhen(what, nth int) func() func(group.Completion) bool {
	return func() func(group.Completion) bool {
		seen := 0
		return func(c group.Completion) bool {
			if what == 0 || what == 1 && c.Err != nil && !c.Echo || what == 2 && c.Err == nil {
				seen++
			}
			return seen == nth
		}
	}
}

// nap reports whether ctx ended meanwhile.
func nap(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return false
	case <-ctx.Done():
		return true
	}
}

func begin(t *testing.T, who string) (end func()) {
	t.Log(time.Now().Format("15:04:05"), who, "begins")
	return func() { t.Log(time.Now().Format("15:04:05"), who, "ends") }
}

func over(t *testing.T, who string, v any, err error) error {
	t.Logf("%s %s is over: %v, error %v", time.Now().Format("15:04:05"), who, v, err)
	return err
}

func both[T any](t *testing.T, who string) func(T, error) error {
	return func(v T, err error) error { return over(t, who, v, err) }
}

func catch(err *error) {
	switch v := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("caught: %w", v)
	default:
		*err = fmt.Errorf("caught: %v", v)
	}
}

// observer logs what it is told, and returns contexts of its own if it is to.
func observer(t *testing.T, enrich bool) group.Observer {
	return func(ctx context.Context, e group.Event) context.Context {
		t.Log(time.Now().Format("15:04:05"), e.Kind, e.Scope, e.Task, e.State, e.Err)
		if !enrich {
			return nil
		}
		return context.WithValue(ctx, key{}, e.Kind)
	}
}

// alone calls f where neither a panic nor a Goexit does harm.
func alone(t *testing.T, f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				t.Log("panic:", v)
			}
		}()
		f()
	}()
	<-done
}
`
