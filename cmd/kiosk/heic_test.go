//go:build cgo

package main

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"hallpass/ocr"
)

// A phone's HEIC photo is read by the process that reads cards for the kiosk;
// one that was damaged, alike in every run, has its answer and ends nothing
// (realReader has a process over that ended).
func TestReader_HEIC(t *testing.T) {
	r := realReader(t)
	photo := samplePicture(t, "../heif/testdata/card.heic")
	patient, cancel := context.WithTimeout(t.Context(), time.Minute) // the machine may be busy
	defer cancel()
	card, err := r.Read(patient, photo)
	if err != nil || card.Quad == nil || card.Fields["website"].Text != "bluefincap.com" {
		t.Errorf("card.heic = outline %v, website %q, %v", card.Quad, card.Fields["website"].Text, err)
	}
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 24 {
		bad := bytes.Clone(photo)
		for range 1 + rnd.IntN(20) {
			bad[rnd.IntN(len(bad))] = byte(rnd.IntN(256))
		}
		if _, err := answered(t, r, "damaged", bad[:len(bad)-rnd.IntN(2000)]); errors.Is(err, ocr.ErrHEIC) {
			t.Errorf("damaged = %v, want what is wrong with it", err)
		}
	}
}
