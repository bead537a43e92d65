package hall_test

import (
	"context"
	"testing"

	"hallpass/sync/hall"
)

// Reads wait each, those of one question once, and the next question's again.
func TestAwait_OnceForWhatBelongsTogether(t *testing.T) {
	waits := 0
	read := func(ctx context.Context) { hall.Await(ctx, func() { waits++ }) }
	for range 3 {
		read(t.Context())
	}
	for range 2 {
		within, end := context.WithCancel(hall.Together(t.Context()))
		for range 5 {
			read(within)
		}
		end()
	}
	if waits != 3+2 {
		t.Errorf("waited %d times, want 5", waits)
	}
}
