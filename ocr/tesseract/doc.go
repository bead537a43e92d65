// Package tesseract reads cards with Tesseract through gosseract: a pool of
// workers, each of which owns its native clients, because one client used by
// two goroutines ends the process.
//
// It owns the native library and how a view is prepared for it. It refuses
// more calls than its queue holds (ocr.ErrBusy) and returns ctx.Err() to a
// caller whose time is up; the worker then finishes that card unheard, since
// Tesseract cannot be interrupted. New fails when the library or the language
// data is missing, and says what to install.
//
// OMP_THREAD_LIMIT=1 must be in the environment before the process starts:
// several workers with several threads each only wait for one another.
package tesseract
