package policy

// Filters are what users have to say about errors before a rule sees them. They are user's code.
type Filters struct {
	Echo   []func(error) bool // whether an error is only the echo of a cancellation
	Map    []func(error) error
	Ignore []Ignore
}

// Ignore tells of errors that are none.
type Ignore struct {
	Option string // that it comes from
	Is     func(error) bool
}

// Apply returns what the filters leave of an error: nil if it is no failure. It calls asking with the name of the option before it
// calls each function.
func (f *Filters) Apply(err error, asking func(option string)) error {
	for _, m := range f.Map {
		asking("MapError")
		if err = m(err); err == nil {
			return nil
		}
	}
	for _, i := range f.Ignore {
		asking(i.Option)
		if i.Is(err) {
			return nil
		}
	}
	return err
}
