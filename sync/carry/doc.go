// Package carry owns a journal as a file: what a kiosk's link would have sent,
// written to a disk or a stick, signed by the kiosk, and read again by the hall
// (P11). It reads and verifies; which facts count is the hall's business, and
// carried changes take the way of those that came over a link.
//
// The file holds visitors' data in clear, as the journal does. Whoever carries
// it is trusted with them.
//
// # The file, version 1
//
//	"hallpass journal 1\n"
//	head, one line of JSON, at most 64 KiB, "\n"
//	blocks: length (4 bytes, big-endian), then a Batch frame as package wire
//	        writes it; the changes of all parts in order
//	length 0
//	64 bytes: Ed25519 over "hallpass carried journal v1", a zero byte and the
//	        SHA-256 of everything before, by the kiosk's key
//
// The head says what the file is, so that a person can look with "head -2":
//
//	node, show, hall     whose journal, of which show, paired with which hall
//	key, certificate     the kiosk's public key, and the hall's word on it as it
//	                     was given at pairing (package wire), both in base64;
//	                     without a certificate the kiosk was never paired
//	name, version        of kiosk and program, for people
//	written              when, by the kiosk's clock
//	changes              how many there are
//	parts                [{epoch, first, last, before, end}]: the numbers of the
//	                     changes, and the chain before the first and at the last
//	                     in base64
//	acked                how far the hall had the journal when this was written
//	lost                 [{first, last, why}]: changes that are damaged where
//	                     they lie and are not in the file
//
// A kiosk writes its journal as one part and lost as nothing: it refuses to
// export a damaged journal. Readers take several parts, each of an epoch of its
// own or of one with a gap, and say how much is lost.
//
// # Reading
//
// Open reads all of the file once: bounds, signature, numbers, contents against
// digests, chains. Nothing of a file that fails is given to anybody. Each then
// hands the batches over, one in memory at a time.
//
// # Failure
//
// A file that is cut short, altered, foreign, from a later program or too large
// (MaxFile) is fault.Invalid or fault.TooLarge on "file", with a sentence. An
// error of the disk is itself.
package carry
