// Package journal owns a node's log: what the node did, in order, without gaps,
// hash-chained, in one bbolt bucket. It never opens or commits a transaction:
// every method takes the caller's, so that a visible change and its entry are
// saved together or not at all (P1). It does not know what the payloads mean,
// and it never decides that an entry may go: Erase takes the content out and
// leaves the entry.
//
// The same package keeps a node's own log (Append) and a copy of another's
// (Put); a copy is held to the chain it claims.
//
// # On disk
//
// Key: the sequence number, 8 bytes, big-endian, from 1. Value, integers
// big-endian:
//
//	offset size
//	 0      1   version of this layout: 1
//	 1      1   0 whole, 1 erased
//	 2     32   digest
//	34     32   chain
//	66      8   stamp: wall, milliseconds since 1970
//	74      4   stamp: counter
//	78      2+n stamp: node, length first
//	        2+n kind, length first
//	       16   salt (whole entries only)
//	        n   payload (whole entries only), to the end but for
//	        4   CRC-32C of everything before
//
// # The chain
//
//	header  = node, epoch (each with a 2-byte length first), sequence (8 bytes),
//	          stamp and kind as in the value
//	digest  = SHA-256(salt ‖ header ‖ payload)
//	chain_n = SHA-256(chain_n−1 ‖ digest_n)
//	chain_0 = SHA-256("hallpass journal v1" ‖ node ‖ epoch)
//
// The salt is 16 random bytes of each entry. An erased entry keeps its digest,
// so the chain still verifies, and without the salt the content cannot be
// guessed back from the digest, not even a phone number. Its header is covered
// by the CRC alone. Erased bytes leave the file for good when the file is next
// compacted; until then bbolt may keep them in a free page.
//
// The chain proves order and content against accident and against whoever
// alters a copy. Whoever owns the disk could write a whole new chain; the copy
// at the other side of the link then no longer fits (ErrFork).
//
// # Failure
//
// ErrGap, ErrFork, ErrDamaged and ErrNoEntry, wrapped with the sequence number;
// any other error is bbolt's. A file put back from a backup would repeat
// sequence numbers, so whoever restores a file gives it a new epoch.
package journal
