//go:build cgo

package ppocr_test

import (
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/enginetest"
	"hallpass/ocr/ppocr"
)

func open(t testing.TB, workers, queue int) ocr.Engine {
	t.Helper()
	e, err := ppocr.New(t.Context(), ppocr.Options{Workers: workers, Queue: queue})
	if err != nil {
		t.Fatalf("%v; .ci/install test fetches the reader pack", err)
	}
	return e
}

func TestEngine_Conforms(t *testing.T) { enginetest.Run(t, open) }
