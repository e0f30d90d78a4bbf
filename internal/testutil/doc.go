// Package testutil holds what the tests of several packages share: how they run, what they count, and how they compare. Only
// tests import it. It knows package group, so that it is for external tests of group and of what builds on it.
package testutil
