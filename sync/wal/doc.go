// Package wal owns the bytes of a log that stands beside a bbolt file: frames
// that are whole or not there, and having them on the disk. It knows nothing of
// what they hold, keeps no state and opens no file; who writes where, and what a
// frame means, is for the log's own package to say.
//
// # A frame
//
// Frames stand one behind the other from offset 0, each a multiple of 8 bytes
// long, integers little-endian:
//
//	offset size
//	 0      4   magic: which kind of log
//	 4      4   CRC-32C of everything after it, to the end of the body
//	 8      8   bytes of the body
//	16      8   identity: which data file the log belongs to, random
//	24      8   number: one more than the frame before
//	32      n   body
//
// # Failure
//
// What stands behind the last whole frame is a frame that a power cut tore, or
// what is left from before the log began anew: Frames ends there, without an
// error. Stray tells that from damage, by a whole frame that comes later.
package wal
