package showtest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// From the answer that says "kept" (the fsync is behind us) to the badge's PDF
// in the spool. The figures are printed, not judged: kiosk's benchmark has the
// ratio.
func TestFigures_ConfirmedToSpooled(t *testing.T) {
	dir := t.TempDir()
	spool, listen := filepath.Join(dir, "spool"), process.FreeAddress(t)
	start(t, "kiosk", "run", "-data", filepath.Join(dir, "k"), "-listen", listen, "-readers", "0", "-printer", "folder:"+spool)
	api := "http://" + listen + "/api/v1/registrations"
	var took []time.Duration
	for i := range 9 {
		r := call[registration](t, "POST", api, "", form(i))
		kept := time.Now()
		eventually(t, "the badge is issued", func() bool {
			return call[registration](t, "GET", api+"/"+r.ID, "", nil).Badge.State == "issued"
		})
		files, err := filepath.Glob(filepath.Join(spool, r.Badge.ID+"*.pdf"))
		if err != nil || len(files) != 1 {
			t.Fatalf("in the spool: %v (%v), want one page for the badge", files, err)
		}
		info, err := os.Stat(files[0])
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, info.ModTime().Sub(kept))
	}
	slices.Sort(took)
	t.Logf("kept → PDF spooled: median %s, most %s", took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
}
