// Package sync specifies the protocol between a kiosk and the hall, exactly
// enough to write either end anew from this text alone. It holds no code.
// Sections 1 to 9 are here, the facts by kind are in section 10 (facts.go), and
// a walk through all of it with every byte in section 11 (examples.go). Package
// wire has the bytes as code, journal the log, link the kiosk's end and hall the
// hall's. The signed texts on badges and about keys are package badge/token's; a
// journal may also be carried by file, which is package sync/carry's.
//
// # 1. What moves
//
// A node (a kiosk or a hall) writes a journal: facts in the order in which it
// recorded them, numbered from 1 without gaps. A journal belongs to one life of
// the node's disk, its epoch; a node that starts with a new disk, or with one
// put back from a backup, starts a new epoch. Therefore
//
//	(node, epoch, sequence number)
//
// names one fact for ever. Facts travel any number of times and count once;
// none is skipped. A cursor is [epoch, sequence]: how far a journal goes or has
// been read, 0 before the first. The kiosk's journal moves up, the hall's down,
// over one connection and by the same rules.
//
// Ids of nodes and epochs are ULIDs: 26 characters of Crockford's base32
// (0–9, A–Z without I, L, O, U), the first 10 the milliseconds since 1970, the
// others random. The hall gives the node's id at pairing; the kiosk makes its
// epochs. Readers take any text of 1 to 64 bytes for an epoch.
//
// # 2. The journal
//
// An entry is a change: node, epoch, number, stamp, kind, payload, and what
// proves them. A stamp is a reading of a hybrid logical clock: wall,
// milliseconds since 1970; counter; node. A node's next stamp is after all that
// it gave or read: [now, 0] if now is later than the last wall, else [last wall,
// last counter + 1]. Stamps read from others count for this unless they are more
// than five minutes ahead of the node's own clock. Stamps compare by wall, then
// counter, then node (bytes). Nothing depends on clocks being right but what
// people read.
//
// Integers are big-endian; a text has its length before it, 2 bytes:
//
//	salt    = 16 random bytes, fresh for each entry
//	header  = text(node) ‖ text(epoch) ‖ number (8) ‖ wall (8) ‖ counter (4) ‖
//	          text(the stamp's node) ‖ text(kind)
//	digest  = SHA-256(salt ‖ header ‖ payload)
//	chain 0 = SHA-256("hallpass journal v1" ‖ node ‖ epoch)
//	chain n = SHA-256(chain n−1 ‖ digest n)
//
// The payload is one fact as its kind writes it (section 10); whoever passes a
// change on, or keeps it, passes and keeps the payload byte for byte, also if it
// holds keys that he does not know. An erased change has neither payload nor
// salt (both keys left out) and keeps all else, so that the chain still holds.
// Node, epoch and kind take 1 to 255 bytes. A reader keeps a change only if its
// chain follows from the one before and its digest from its content.
//
// # 3. Pairing
//
// The hall shows a code of 12 characters of Crockford's base32 (60 bits), once,
// for 15 minutes. Letters count in upper case; O reads as 0, I and L as 1;
// spaces and dashes are for the eye. The code is never sent.
//
// The kiosk makes an Ed25519 key (RFC 8032), connects by TLS 1.3 without
// checking who answers, takes the SHA-256 fingerprint of the hall's own
// certificate (the first of the chain, DER) and posts JSON, bytes in base64url
// without padding, within 15 seconds:
//
//	POST /api/v1/pair/kiosk
//	Content-Type: application/json
//	{"name", "public_key": 32 bytes, "nonce": 16 random bytes, "proof"}
//
//	proof = HMAC-SHA256(code, "hallpass pair kiosk v1" ‖ fingerprint ‖
//	                          public_key ‖ nonce ‖ name)
//
// The key of the HMAC is the code as 12 characters without dashes. A name has at
// most 64 characters; the operator's own for the code wins. The hall computes
// the same with its own fingerprint, so that a kiosk which talks to somebody in
// between proves nothing. It answers 200 with
//
//	{"node", "hall", "show", "hall_key": 32 bytes, "certificate", "proof"}
//
//	proof = HMAC-SHA256(code, "hallpass pair hall v1" ‖ fingerprint ‖
//	                          node ‖ hall_key ‖ nonce ‖ certificate)
//
// or with another status and {"code", "message", "field"}: 403 pairing.code (the
// code is wrong, used or too old), 429 too_many (ten wrong codes in a minute),
// 403 node.revoked (the key is of a kiosk out of service), 422 invalid (the
// name). Redirects are not followed. All parts but the last have one length, so
// the proofs have one reading. The kiosk checks the proof, opens the certificate
// with hall_key, compares its node and key with its own, and keeps everything,
// with the fingerprint: from now on it accepts that TLS certificate and no
// other, whatever its name or dates. A kiosk that lost the answer may post again
// with the same key and code and is given the same node. Plain HTTP is for
// loopback; the fingerprint is then 32 zero bytes.
//
// The certificate is the CBOR array [statement, signature], two byte strings;
// the statement is the encoded map {1 node, 2 public key, 3 show, 4 issued, ms};
// the signature is the hall's Ed25519 over "hallpass certificate v1", a zero
// byte and the statement.
//
// The node's id is new: what the kiosk recorded before pairing goes into the
// journal of a new epoch under that id, or stays behind.
//
// # 4. Connecting
//
// GET /api/v1/link is a websocket (RFC 6455), without subprotocol, extension or
// Origin header; paths are below the hall's address. The answer to the upgrade
// carries 32 random bytes in base64url without padding:
//
//	Hallpass-Nonce: …
//
// The kiosk signs with the key of the pairing, as the proof in its Hello,
//
//	"hallpass link v1" ‖ 0x00 ‖ nonce (32) ‖ node
//
// and sends the Hello within 10 seconds of the upgrade. Each nonce proves one
// connection.
//
// # 5. Frames
//
// One binary message is one frame is the CBOR array [type, body], at most 4 MiB
// and the first of a connection 16 KiB, in core deterministic encoding (RFC 8949
// section 4.2): shortest integers and lengths, no indefinite lengths, keys in the
// order of their encoded bytes (1 before 2 before "fax" before "name"). No tags
// and no floats. Readers refuse repeated keys, text that is not UTF-8, bytes
// after the end, more than 8 levels, 4,096 elements in an array and 256 pairs in
// a map; an array has exactly the elements that are listed. Bodies are maps with
// small unsigned keys; what is zero, false or empty is left out unless marked *;
// unknown keys are skipped. Texts take at most 255 bytes; times are milliseconds
// since 1970.
//
//	1 Hello    1 protocol* · 2 node* · 3 epoch* · 4 show · 5 program version
//	           6 cursor*: the end of my journal · 7 cursor*: how far I read yours
//	           8 proof, 64 bytes · 9 now* · 10 least protocol
//	2 Welcome  1 protocol* · 2 node* · 3 epoch* · 4 show · 5 cursor*: the end of my
//	           journal · 6 cursor*: how far I read yours · 7 now*
//	3 Batch    1 number of the first change* · 2 [change], at least one
//	4 Ack      1 number of the last change committed*
//	5 Status   1 last* · 2 acknowledged* · 3 unsent* · 4 printer state · 5 [reason]
//	           6 program version · 7 free disk, MB · 8 now* · 9 tally
//	           10 changes of the hall put aside
//	6 Bye      1 code* (section 8) · 2 sentence · 3 proof: with node.revoked the
//	           hall's revocation, as package badge/token writes it
//
//	change     1 node* · 2 epoch* · 3 number* · 4 stamp · 5 kind* · 6 payload, bytes
//	           7 salt, 16 bytes · 8 digest*, 32 bytes · 9 chain*, 32 bytes
//	tally      1 {field: {1 outcomes when shown as sure · 2 when shown as doubtful
//	           3 typed}} · 2 [{1 code point read* · 2 code point meant* · 3 cards*}]
//	outcomes   1 accepted · 2 corrected · 3 emptied
//	stamp      [wall, counter below 2³², node]
//	cursor     [epoch, number]
//
// Whoever has never read the other's journal says ["", 0]. A Status says how
// things stand, all of it each time; the later one counts. Printer states are
// idle, processing, stopped and unreachable; reasons are IPP's keywords (RFC 8011
// section 5.4.12), of which the hall keeps 32. The tally is what visitors made of
// what was read from their cards since the show allowed counting; a kiosk of a
// show that does not allow it, or that has nothing to tell, leaves it out. It
// carries no text; a pair of characters goes along only once at least three cards
// have shown it.
//
// # 6. A connection
//
//	kiosk                                  hall
//	  Hello  ─────────────────────────────▶   within 10 s
//	  ◀───────────────────────────── Welcome   within 10 s; or Bye, and close
//	  Batch 201…400  ─────────────────────▶
//	  Batch 401…600  ─────────────────────▶   commit
//	  ◀───────────────────────────── Ack 400
//	  ◀─────────────────────────── Batch 7…9
//	  commit; Ack 9  ─────────────────────▶
//	  Status  ────────────────────────────▶   every 2 s, sooner when it changes
//
// Where to resume is the reader's word alone. The kiosk sends from what the
// Welcome says that the hall has read, the hall from what the Hello says:
//
//   - the reader is behind what it once acknowledged (a restored hall): the
//     writer goes back and logs it;
//   - the reader is ahead (an Ack was lost): the writer takes it as the Ack;
//   - the reader names another epoch, or a number beyond the writer's last: the
//     writer sends from 1 and logs it, and the reader takes it.
//
// The changes of a Batch are consecutive, of the writer's own journal and its
// present epoch, and begin at or before the first one that the reader lacks.
// Ack(n) says that everything up to n is committed, safe from a power cut; it
// follows the commit and never goes beyond what was sent. One Ack may stand for
// several batches. A reader that has a change already skips it and acknowledges
// it again. A fact that cannot be used goes to the reader's quarantine and is
// acknowledged: it never blocks those after it. A kiosk sends new changes at
// once, without waiting for a batch to fill; so does the hall what concerns
// everybody at once. Who has registered it gathers for some two seconds.
//
// A reader commits what it can use of a Batch, and where it stands in the other's
// journal, in one transaction; killed at any moment it resumes there.
//
// # 7. Limits and waiting
//
//	frame                  4 MiB; the first one to the hall 16 KiB
//	payload                3 MiB
//	batch                  200 changes and, unless it is one change, about 1 MiB
//	under way, no Ack yet  two batches of the kiosk's, one of the hall's
//	Ack                    a writer that gets none for 30 seconds closes
//	ping                   both every 10 seconds; closed after 25 of silence
//	a frame's writing      10 seconds
//	Hello, Welcome         10 seconds each
//	Status                 every 2 seconds, at most twice a second
//	connecting             10 seconds with TLS and upgrade
//	trying again           a random time up to 250 ms, then up to twice that, …,
//	                       up to 10 s; from 250 ms again after a connection that
//	                       lasted more than 10 s
//
// A refusal is tried again like any other end, for the operator may mend it:
// only node.revoked with a proof that holds ends a kiosk for good (section 9).
//
// Either side may close at any time and loses nothing: normally with 1000, when
// it shuts down with 1001. A frame that cannot be read, is out of place, leaves a
// gap, is of another journal, or acknowledges what was never sent, ends the
// connection (close code 1002, 1007 or 1008, with a Bye before it where one can
// still be sent) and nothing else; both then resume. A second connection of one
// node replaces the first.
//
// # 8. Codes of a Bye
//
//	auth.denied      the node is not paired here, or the proof does not hold
//	node.revoked     out of service; see section 9
//	wire.protocol    no protocol number in common, or no usable nonce
//	wire.bad_frame   unreadable, out of place, an epoch of no or over 64 bytes
//	wire.sequence    a gap, another journal, an Ack of what was not sent
//	wire.history     the kiosk tells another history of this epoch than before, or
//	                 a change whose chain or digest does not hold: its disk was
//	                 copied, put back or damaged. It begins a new epoch in which it
//	                 tells everything anew, before it connects again. Of one that
//	                 tells the same again the hall takes both: after the second
//	                 Bye the Welcome says 0, and what differs goes to quarantine
//	fact.refused     (field show) the hall runs another show
//	conflict         a newer connection of the same node has taken over
//	too_many         wait before the next attempt; of the kiosk's facts too many
//	                 wait in quarantine for a person
//	unavailable      shutting down, or not acknowledged in time
//	storage.full     the disk is full; nothing was kept that was not acknowledged
//	internal         anything else; so reads a code that one does not know
//
// Codes only grow in number. The sentence is for people, the code for programs.
// Of a single fact that cannot be used, the reader keeps in quarantine
// fact.unknown for a kind that it does not know and fact.refused for content
// that cannot be true; neither crosses the connection.
//
// # 9. Keys, kiosks out of service, versions
//
// The key of the pairing proves connections and signs badges until the kiosk has
// made another. It says so with the fact "key", which the new key itself signs;
// the hall answers with the same fact and a certificate, down to every kiosk, so
// that whoever knows the hall's public key can tell genuine badges (package
// badge/token). From the certificate on the new key signs; the old one's badges
// go on counting. A fact "key" with "retired" asks for the next one. A kiosk may
// do without: the first key's certificate comes down like any other.
//
// The fact "revocation" takes a kiosk out of service for good. The hall tells all
// kiosks, ends that kiosk's connection with Bye node.revoked and the revocation
// as proof, and refuses it so from then on, after it has proven its key. The
// kiosk checks the proof with the hall's public key, show and its own node id,
// and only then wipes itself.
//
// Keys, frame types, kinds and codes only grow, and a program skips the keys and
// quarantines the kinds that it does not know. What cannot be done that way is a
// new protocol number. A Hello names the highest number that the kiosk speaks
// and, as least, the lowest, left out if it is the same. The hall chooses the
// highest that both speak and says it in the Welcome, or answers Bye
// wire.protocol. A frame type that one does not know is a bad frame: whoever adds
// one adds a number. This text is protocol 1.
package sync
