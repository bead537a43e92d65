//go:build cgo

package tesseract_test

import (
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/enginetest"
	"hallpass/ocr/tesseract"
)

func TestEngine_Conforms(t *testing.T) {
	enginetest.Run(t, func(t testing.TB, workers, queue int) ocr.Engine {
		t.Helper()
		e, err := tesseract.New(t.Context(), tesseract.Options{Workers: workers, Queue: queue})
		if err != nil {
			t.Fatal(err)
		}
		return e
	})
}
