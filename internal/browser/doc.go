// Package browser tests the pages of the library in a browser, Chromium, which the script install beside it installs on Debian. Without it
// the tests are skipped, which go test tells with -v.
//
// The file window_test.go drives the browser, and the others are the tests of one page each. Pictures for people to look at, and the one
// that the readme shows, are written by
//
//	go test -C internal/browser -run TestPictures_Tree -pictures /tmp/pictures
//	go test -C internal/browser -run TestPictures_Readme -pictures ../../docs
package browser
