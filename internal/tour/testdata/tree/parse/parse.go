package parse

// Tree is a sentence of the language.
type Tree struct{ Children []*Tree }
