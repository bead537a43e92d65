// Package store owns the hall's bbolt file: the journals of all nodes, the
// state that their facts make, and the accounts. It implements hall.Store and
// is the embedded hall.Log. It merges with package record's functions and
// decides nothing else; it never talks to a network and never logs.
//
// # On disk, format 5
//
// Integers are big-endian; a composite key writes each part but the last with
// its length (2 bytes) first. Facts are written as package wire encodes them,
// everything else as JSON.
//
//	meta                  format → uint64 · self → who the hall is · intake → identity of the log
//	                      beside the file · applied → the last frame of it that the file holds
//	journals/NODE/EPOCH   package journal's layout
//	forks                 (node, epoch) → that journal's node has told two histories
//	                      (node, epoch) "told" → chains of the changes, 32 bytes
//	                      each, that were answered with fault.Forked
//	show                  current → fact
//	registrations         id → fact
//	registration_arrivals place → id
//	badges                id → fact
//	badges_by_holder      (registration, issue, id) → 1 if printed and valid, else 0
//	badges_by_code        (short code, id) → nothing
//	leads                 id → fact
//	lead_arrivals         (exhibitor, place) → id
//	leads_by_client       (device, client id, id) → nothing
//	passages              id (16 bytes) → fact
//	passages_by_gate      (gate, id) → nothing
//	passages_by_badge     badge (16 bytes), id → 0 refused, 1 in, 2 out
//	contacts              registration → hashes of its phone numbers and address (8 bytes each), in order
//	persons               registration → person, where a person has several
//	persons_members       (person, registration) → nothing
//	figures days minutes  the numbers, see hall.Figures
//	quarantine            place → refusal · quarantine_keys (node, epoch, seq, digest) → place,
//	                      0 once it was taken in after all
//	versions              (registration, part, stamp and hash of the value) → value, of a
//	                      part that has had two · conflicts (latest time, registration, part) → nothing
//	decisions             stamp → fact · decisions_by_registration (registration, stamp) → nothing
//	badge_keys            public key → fact
//	revocations           node → fact
//	badges_by_code_recent leads_by_client_recent lead_arrivals_recent
//	passages_by_gate_recent passages_by_badge_recent
//	                      number → a bucket, run → lines of the bucket without "_recent" that are newer
//	                      than those in it, as package runs writes them, a later run's newer than an
//	                      earlier one's · draining → number of the first and how many of its lines
//	                      (4 bytes) are in that bucket as well
//	nodes devices codes users sessions keys
//
// A visible change and its journal entry commit in one transaction (P1). The
// cursor of a node is the end of its journal, so the two cannot differ.
//
// # The way of a fact
//
// A batch of a kiosk that simply continues its journal, every change intact and
// none of them refused, is written to a log beside the file (package intake) with
// others that come at the same time, and is acknowledged after that one sync. One
// goroutine applies the log to the file, in its order, in transactions of
// thousands of changes while much comes, half a second later at most while little
// does, and at once if somebody waits. All else
// needs a transaction to be judged: repeats, gaps, second histories, what belongs
// in quarantine, after all that was handed over before, and the hall's own facts,
// whose order with the kiosks' does not matter (P4), first. Who reads waits until
// the file has what was acknowledged before, once for all reads of a question
// (hall.Together), and so does Settle; who reads one thing waits only if what is
// on its way may be about it; cursors are answered from memory, and who
// may do what, which no fact changes, as the file has it. What is acknowledged and not in the file is bounded; who
// comes when there is no room waits. Open repeats what the log has beyond the
// file, OpenServing does so beside the serving. A file with a log is of format 4 at
// least so that a program that knows of no log refuses it (P12).
//
// # Size
//
// Keys begin with what comes in order, an id's time or a place, so that a large
// file takes facts as fast as a small one. What comes in no order (short codes,
// client ids, an exhibitor's leads, a gate's and a badge's passages) is written as sorted runs
// and goes to its place when there are some lines for each page, see lookup; all
// that reads it reads both. Who has a contact is looked up in memory, see holders.
// A long reader makes bbolt's file grow: listings page. Compact writes the file
// anew beside the running hall.
//
// # Two histories
//
// A kiosk that runs from a copied or restored disk repeats sequence numbers
// with other contents. The copy that came first stays; Append answers
// fault.Forked, on which a kiosk begins a new epoch and tells everything anew.
// From one that tells the same change of the same epoch again, both histories
// are taken: Append answers so once more and marks the journal, Cursor answers 0
// for it from then on, so that the kiosk sends everything, and what does not fit
// is kept in quarantine for a person to decide.
//
// # Conflicts
//
// All versions of a part are kept, at most record.MostVersions, once there are
// two; conflicts lists the parts whose record.Heads differ, versions of erased
// people go with them. Both are functions of the facts, in whatever order they
// came (P4).
//
// # Failure
//
// Open fails with a sentence for the operator: a file that another hall holds,
// that a newer program wrote, that is no such file, or whose log is damaged or
// another's. A full disk is fault.StorageFull and loses nothing that was
// acknowledged: the log takes facts for as long as it has room, reads answer from
// what the file has. A log that cannot be written costs its speed only. What
// cannot be merged because the file is damaged there goes to quarantine.
package store
