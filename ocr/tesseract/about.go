//go:build cgo

package tesseract

import "github.com/otiai10/gosseract/v2"

// Version is the library's, like "5.5.0".
func Version() string { return gosseract.Version() }

// Missing says what to install before New can work, and "" when all is there.
func Missing() string {
	starting.Lock()
	defer starting.Unlock()
	if _, err := installed(); err != nil {
		return err.Error()
	}
	return ""
}
