package programs

// Defects that the library is known to have: so that others can be seen, the laws are not checked where they show. Each goes when it is
// mended, with the lines that ask for it.
const (
	// Who waits for room in a queue lends the places of the task that opened the scope, even if that one runs (S3).
	knownRoomLends = true
)
