package virtual

import (
	"errors"
	"strings"
	"testing"
)

func TestFind_MissingProgramNamesItsPackage(t *testing.T) {
	_, err := find("no-such-printer", "cups-ipp-utils")
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "apt-get install cups-ipp-utils") {
		t.Fatalf("find = %v, want ErrMissing with what to install", err)
	}
}
