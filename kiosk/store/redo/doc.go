// Package redo owns a bbolt file and the redo log beside it, so that a small
// save is durable after one write to the log instead of bbolt's two syncs of
// whole pages. It knows nothing of what is saved: buckets, keys and values.
//
// # How a save is kept
//
// One write transaction of bbolt stays open. Save runs its function in it, notes
// each line that it puts or deletes, appends the lines to the log and syncs the
// log; all callers that wait meanwhile share the next sync, and whoever has the
// turn runs the functions of all who wait for one. Then it answers: the
// save is durable (P1). A second after the first save, and when the log is full,
// the transaction is committed to the file with its two syncs, and the log
// begins anew. What alters much, or makes buckets, goes by Update: a
// transaction of its own, committed at once.
//
// Reads see what was acknowledged, never less; what they see that is not yet on
// the disk they wait for, so nobody tells anyone what a power cut could undo.
//
// # The log
//
// FILE.wal is written in place into bytes that are on the disk already, so that
// a sync moves the data only and needs no room: 128 kB of zeroes that double
// under load. It is a sequence of package wal's frames, "HPW1", whose bodies are
// lines: 1 put or 2 delete, then bucket, key and, for a put, value, each with its
// length first (uvarint).
//
// The file's own bucket "redo" has "identity", and "applied", the number of the
// last frame that the file holds, written with every commit. A start reads
// frames while they are whole and follow each other, leaves out those up to
// "applied" and puts the rest. Putting a line twice is putting it once.
//
// What stands behind the last whole frame is a frame that a power cut tore,
// which nobody was told of, or what is left from before the log began anew.
// Only if a whole frame with a later number follows was the log damaged on the
// disk; then Open refuses.
//
// The bucket has "home" too: the machine, and the number of the file on its
// disk. A file that is found elsewhere is a copy, which Moved tells.
//
// Compact writes the file anew as FILE.part, which takes the file's place.
//
// Close commits and removes the log. A file and its log belong together: a copy
// of a running kiosk's file alone lacks the last second.
//
// # Failure
//
// A full disk: the log has its room already and goes on taking saves until it
// is full, then saves fail with the disk's own error, and go on once there is
// room. If writing or syncing the log fails, the saves that waited for it fail,
// the transaction is rolled back to what the log holds, and the next saves go by
// bbolt alone until a commit has succeeded. A save that was refused while the
// disk failed may still be there after a power cut; nothing else may.
//
// Open answers ErrForeign for a log of another file or another time, and
// ErrDamaged.
package redo
