package programs_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/creche-go/creche/internal/programs"
)

// All that a program may have comes up.
func TestGenerate(t *testing.T) {
	want := strings.Fields(`
		Run New Gather Settle Race Any Quorum Hedge ForEach ForEachSlice Map MapUnordered MapSlice
		value within Go Do TryGo group.Go Start
		Sleep Nap Hold Yield Spawn Open Shielded Cancel CancelTask Join Peek Take MakeSet Add Remove TakeSet Await
		Next Completed Results TryNext All Wait
		fail last echo cause wrapped joined false panic panic-with-a-string goexit
		FailFast KeepGoing Tolerate UntilSuccess StopWhen Ignore IgnoreFunc MapError Forget Echo FirstError
		PanicAsError PanicCrash Limit SharedLimit Queue Weight Timeout CancelOnReturn Discard Daemon OwnGoroutine Name OnStuck Observe`)
	found := map[string]bool{}
	for seed := range uint64(300) {
		words(reflect.ValueOf(programs.Generate(seed, size)), found)
	}
	for _, word := range want {
		if !found[word] {
			t.Errorf("%q does not come up", word)
		}
		delete(found, word)
	}
	if len(found) > 0 {
		t.Errorf("nobody asks for %q", slices.Sorted(maps.Keys(found)))
	}
}

// words collects the types of steps and all strings.
func words(v reflect.Value, found map[string]bool) {
	switch v.Kind() {
	case reflect.Interface:
		found[v.Elem().Type().Elem().Name()] = true
		words(v.Elem(), found)
	case reflect.Pointer:
		if !v.IsNil() {
			words(v.Elem(), found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			words(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			words(v.Field(i), found)
		}
	case reflect.String:
		if s := strings.ReplaceAll(v.String(), " ", "-"); s != "" && (s != programs.Succeed || v.Type() == reflect.TypeFor[programs.Via]()) {
			found[s] = true
		}
	}
}

func TestDecode(t *testing.T) {
	for seed := range uint64(1000) {
		if p, q := programs.Generate(seed, size), programs.Decode(programs.Encode(seed, size), size); !reflect.DeepEqual(p, q) {
			t.Fatalf("the program of seed %d is decoded as another:\n%s\n%s", seed,
				programs.Source(programs.Titled{Name: "Encoded", Program: p}), programs.Source(programs.Titled{Name: "Decoded", Program: q}))
		}
	}
}
