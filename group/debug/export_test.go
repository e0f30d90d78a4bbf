package debug

// Empty forgets all scopes that are in the tree, and begins to count them anew.
func Empty() {
	roots.mu.Lock()
	defer roots.mu.Unlock()
	roots.scopes, roots.lost = nil, lost{}
	lastID.Store(0)
}

// Blocks returns how many blocks are kept for the tasks of the roots.
func Blocks() (kept int) {
	ns, _ := roots.list()
	for _, n := range ns {
		n.tasks.mu.Lock()
		kept += len(n.tasks.blocks) + len(n.tasks.spare)
		n.tasks.mu.Unlock()
	}
	return kept
}

// The sizes of blocks.
const (
	BlockLen = blockLen
	Slack    = slack
	Stride   = stride
)

// Shown is how many tasks the page has.
const Shown = shown
