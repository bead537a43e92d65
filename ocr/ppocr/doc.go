// Package ppocr reads cards with two small networks of PP-OCRv4: one finds the
// lines of a view, one reads a line. They run on onnxruntime, a C library that is loaded at run time
// from the reader pack; all work before and after them is done here, in Go.
//
// It owns the pack (which files, with which hashes, where they may lie) and
// the networks. It refuses a pack with a missing or changed file, more calls
// than its queue holds (ocr.ErrBusy), and returns ctx.Err() to a caller whose
// time is up; what a network is just reading is read to its end, unheard, at
// most some tens of milliseconds. A print that stands on its side or head is
// answered with *ocr.Turned: where the longest lines read badly as they are and
// well when turned. Columns of Chinese print are cut into characters, which are
// set side by side and read as a row.
//
// The networks, and how their answers are to be understood, are from
// PaddleOCR (Apache-2.0): detection by differentiable binarization (Liao et
// al. 2020, arXiv:1911.08947), recognition by SVTR-LCNet with CTC (Graves et
// al. 2006).
package ppocr
