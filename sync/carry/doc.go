// Package carry owns a journal as a file: what a kiosk's link would have sent,
// written to a disk or a stick, signed by the kiosk, and read again by the hall
// (P11); and all that could be saved of a damaged hall, signed by that hall. It reads and verifies; which facts count is the hall's business, and
// carried changes take the way of those that came over a link.
//
// The file holds visitors' data in clear, as the journal does. Whoever carries
// it is trusted with them.
//
// # The file, versions 1 and 2
//
//	"hallpass journal 1\n", or 2 for a hall's
//	head, one line of JSON, at most 64 KiB (2: 2 MiB), "\n"
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
//	                     at most 16 (2: 4,096); in a hall's file with the node,
//	                     if it is not the head's
//	acked                how far the hall had the journal when this was written
//	desk                 only of a hall: the node in whose journal it kept what
//	                     booths and gates did; node is the other of its two, the
//	                     one that kiosks read, and key its public key
//	lost                 [{first, last, why}]: changes that are damaged where
//	                     they lie and are not in the file
//
// A kiosk exports its journal as one part and lost as nothing: it refuses to
// export a damaged one. To save what a damaged one holds ("check -save") it
// writes the changes before the damage as they are, and in a second part, an
// epoch made for the file, what can be read after the damage and everything that
// its other data hold: a fact that comes twice counts once. Readers take several
// parts, each of an epoch of its own or of one with a gap, and say how much is
// lost. A hall does the same with all journals that it keeps; in its file lost
// says where each damaged journal is whole up to, and the last part, its desk's, is
// every fact as it stands.
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
