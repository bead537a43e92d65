// Package redo owns a bbolt file and the redo log beside it, so that a small
// save is durable after one write to the log instead of bbolt's two syncs of
// whole pages. It knows nothing of what is saved: buckets, keys and values.
//
// # How a save is kept
//
// Save runs its function, notes each line that it puts or deletes in memory, appends
// the lines to the log and syncs the log; all callers that wait meanwhile share the
// next sync, and whoever has the turn runs the functions of all who wait for one.
// Then it answers: the save is durable (P1). A second after the first save the file is
// brought up to date beside the saves: what was saved until then is frozen in memory,
// put into the file in order, in one transaction, and its room in the log is free
// again. A log that fills is frozen in parts of an eighth, which go into the file one
// by one. Only if it is full do saves wait, for one part. What alters much, or makes
// buckets, goes by Update: a transaction of its own, committed at once.
//
// Reads see the lines in memory and, under them, the file: what was acknowledged,
// never less. What they see that is not yet on the disk they wait for, so nobody
// tells anyone what a power cut could undo. A read never changes under its reader,
// and keeps no save waiting.
//
// # The log
//
// FILE.wal is written in place into bytes that are on the disk already, so that
// a sync moves the data only and needs no room: 128 kB of zeroes that double
// under load up to 8 MB. It is a ring of package wal's frames, "HPW1", whose bodies
// are lines: 1 put or 2 delete, then bucket, key and, for a put, value, each with its
// length first (uvarint). Frames stand one behind the other; where the log ends they
// go on at its beginning, once the file has what stood there. As soon as the file has
// everything they begin there too.
//
// The file's own bucket "redo" has "identity", and "applied", the number of the
// last frame that the file holds, written with every commit. A start takes all
// whole frames beyond "applied", wherever they stand, by their numbers, and puts
// their lines.
//
// Anything else in the log is a frame that a power cut tore, which nobody was told
// of, or what the file has long had. Only if a number is missing before others was
// the log damaged on the disk; then Open refuses. A program from before the log was
// a ring reads one that did not go on at its beginning, and refuses any other.
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
// room. If writing or syncing the log fails, the saves that waited for it fail and
// are taken back from memory, and the next saves go by the file alone until it has
// been brought up to date. A save that was refused while the disk failed may still be
// there after a power cut; nothing else may.
//
// Open answers ErrForeign for a log of another file or another time, and
// ErrDamaged.
package redo
