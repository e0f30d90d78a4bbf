package timeline

// MaxRows is how many tasks pictures show.
const MaxRows = maxRows
