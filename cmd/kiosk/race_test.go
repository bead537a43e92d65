//go:build race

package main

// watched is how much more memory a program takes in which the race detector
// keeps book of every byte that was touched.
const watched = 2
