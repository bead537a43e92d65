package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hallpass/badge/spool/virtual"
)

// A printer known by its address, one that is off, and a folder.
func TestPrinters_ByAddress(t *testing.T) {
	v, err := virtual.Start(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if err := v.Load(t.Context(), 62, 100, 40); err != nil {
		t.Fatal(err)
	}
	const off = "ipp://127.0.0.1:1/ipp/print"
	var out, errs bytes.Buffer
	args := []string{"-json", v.URI(), off, "folder:" + t.TempDir()}
	if err := runPrinters(t.Context(), args, streams{out: &out, err: &errs}); err != nil {
		t.Fatal(err)
	}
	var got [3]printerLine
	for d, i := json.NewDecoder(&out), 0; i < 3; i++ {
		if err := d.Decode(&got[i]); err != nil {
			t.Fatal(err)
		}
	}
	if l := got[0]; l.URI != v.URI() || l.State != "idle" || !l.Accepting || l.Media != "62x100" || l.LabelsLeft == nil || *l.LabelsLeft != 40 || l.Error != "" {
		t.Errorf("printer is %+v, want idle with 40 of 62x100", l)
	}
	if l := got[1]; l.State != "unreachable" || l.Accepting || !strings.Contains(l.Error, off) || l.LabelsLeft != nil {
		t.Errorf("printer that is off is %+v, want unreachable", l)
	}
	if l := got[2]; l.State != "idle" || l.Reasons == nil {
		t.Errorf("folder is %+v, want idle", l)
	}
	out.Reset()
	if err := runPrinters(t.Context(), args[1:], streams{out: &out, err: &errs}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "62x100") || !strings.Contains(s, "unreachable") || !strings.Contains(errs.String(), off) {
		t.Errorf("table is\n%s%s", s, errs.String())
	}
}

func TestPrinters_P9_NoAddress(t *testing.T) {
	var out bytes.Buffer
	err := runPrinters(t.Context(), []string{"printer7"}, streams{out: &out, err: &out})
	if err == nil || !strings.Contains(err.Error(), "try one of") {
		t.Errorf("runPrinters = %v, want what an address looks like", err)
	}
}

func TestPrinters_Announced(t *testing.T) {
	n, err := virtual.StartNetwork(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	v, err := n.Start(t.Context(), t.TempDir(), 0, "Gate 7, East", "Hall 4")
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for range 30 { // avahi makes sure of each name first, which takes it a second
		var out, errs bytes.Buffer
		if err := runPrinters(t.Context(), []string{"-json", "-wait", "1s"}, streams{out: &out, err: &errs}); err != nil {
			t.Fatal(err)
		}
		var l printerLine
		for d := json.NewDecoder(&out); d.Decode(&l) == nil; {
			if l.Name != "Gate 7, East" {
				continue
			}
			if l.State != "idle" || l.Place != "Hall 4" || !strings.HasPrefix(l.URI, "dnssd:Gate 7%2C East._ipp") {
				t.Errorf("found %+v, want idle in Hall 4", l)
			}
			return
		}
	}
	t.Error("not found")
}
