//go:build linux

package apart_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"hallpass/ocr/apart"
)

// What reads pictures of strangers can neither write a file nor call anybody;
// the parent still can.
func TestConfine_NoFilesNoCalls(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	path := filepath.Join(t.TempDir(), "loot")
	r := start(t, apart.Options{Env: []string{writeTo + "=" + path, dialTo + "=" + l.Addr().String()}})
	abi, _, none := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	files, calls := none != 0, none != 0 || abi < 4 // left to the child by kernels without Landlock, or with an early one
	want := fmt.Sprintf("write %v, make %v, call %v, sink true", files, files, calls)
	if _, err = r.Read(t.Context(), []byte("loot")); err == nil || err.Error() != want {
		t.Errorf("the child could %v, want %s", err, want)
	}
	for range 20 { // on whatever threads
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatalf("the parent cannot write any more: %v", err)
		}
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatalf("the parent cannot call any more: %v", err)
		}
		_ = c.Close()
	}
}
