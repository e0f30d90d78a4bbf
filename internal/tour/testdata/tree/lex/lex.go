// Package lex is a piece of the tree that the chapters files and pipeline read in their tests.
package lex

// Token is a word of the language.
type Token string
