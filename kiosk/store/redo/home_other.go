//go:build !unix

package redo

// homeOf cannot tell here where a file lives: copies go unnoticed.
func homeOf(string) []byte { return nil }
