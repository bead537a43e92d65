package process_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"hallpass/cmd/internal/process"
)

// Two writers, as a program's two outputs, and a reader meanwhile: no line is
// lost or torn, and what was read once stays.
func TestLog_ReadWhileWritten(t *testing.T) {
	var log process.Log
	var writers sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			for i := range 200 {
				_, _ = fmt.Fprintf(&log, "%d said %d\n", w, i)
			}
		})
	}
	before := ""
	for range 50 {
		now := log.String()
		if !strings.HasPrefix(now, before) {
			t.Fatal("what was read is no longer there")
		}
		before = now
	}
	writers.Wait()
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	if len(lines) != 400 {
		t.Errorf("%d lines, want 400", len(lines))
	}
	for _, l := range lines {
		var w, i int
		if n, err := fmt.Sscanf(l, "%d said %d", &w, &i); n != 2 || err != nil {
			t.Errorf("torn line %q", l)
		}
	}
}
