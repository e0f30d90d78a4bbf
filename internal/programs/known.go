package programs

// Defects that the library is known to have: so that others can be seen, what shows them is not generated, or not checked. Each goes when it
// is mended, with the one line that asks for it.
const (
	// Nobody takes the place that a task lends which waits for room in a queue (S3).
	knownRoomLends = true
)
