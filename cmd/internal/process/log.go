package process

import (
	"bytes"
	"sync"
)

// Log is an io.Writer whose text may be read while it is written, by any number
// of goroutines. Its zero value is empty. It forgets nothing: a program that
// talks for hours wants a file instead.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

// Write keeps p; it never fails.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is everything written so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
