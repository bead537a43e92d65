//go:build !race

package main

// watched is 1 without the race detector.
const watched = 1
