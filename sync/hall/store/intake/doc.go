// Package intake owns the log beside the hall's data file: what kiosks have
// said, as it came, durable before it is merged. A batch is safe after one write
// and one sync of its own bytes (P1); the data file follows in large
// transactions that nobody waits for. The package knows the layout of the log
// and when its room may be used again; what a batch does to the state is the
// store's.
//
// # On disk
//
// Two files, FILE.wal-a and FILE.wal-b, of package wal's frames, "HPI1". One is
// written until it is full, then the other, if the data file holds all that is
// in it; and whenever the data file holds everything the one in use begins
// anew. They are written in place into bytes that are on the disk already, so
// that a sync moves data only: 128 kB of zeroes that double under load. A
// frame's body are batches, each with its length first (uvarint):
//
//	node, epoch     each with its length first (uvarint)
//	first           uvarint, the number of the first change
//	changes         each as package journal writes it, with its length first
//
// The data file keeps the identity of its log and "applied", the number of the
// last frame that it holds, written with every transaction. A start reads both
// files, leaves out frames up to applied, and the store repeats the rest before
// anything else.
//
// # Failure
//
// A torn end is normal: nobody was told of it. Open answers ErrDamaged if a
// whole later frame stands behind a damaged one, and wal.ErrForeign for a log of
// another data file or of this one at another time. Write answers ErrFull while
// both files hold what the data file does not; the caller waits. After any
// other failure it answers errors until Mend: what of the batch is on the disk
// nobody knows, so nothing may follow it.
//
// A file and its log belong together. A log that is closed with everything
// applied is removed.
package intake
