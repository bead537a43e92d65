// Package enginetest holds what every ocr.Engine must do, as tests that run
// over each of them. It draws its own print and needs no files.
package enginetest
