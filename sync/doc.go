// Package sync specifies the protocol between a kiosk and the hall, exactly
// enough to write either end anew. It holds no code. Package wire has the
// bytes, journal the log, link the kiosk's end and hall the hall's.
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
// Ids of nodes and epochs are ULIDs: 26 characters of Crockford's base32.
//
// # 2. Pairing
//
// The hall shows a code of 12 characters of Crockford's base32 (60 bits), once,
// for 15 minutes. Letters count in upper case; O reads as 0, I and L as 1;
// spaces and dashes are for the eye. The code is never sent.
//
// The kiosk makes an Ed25519 key (RFC 8032), connects by TLS 1.3 without
// checking who answers, takes the SHA-256 fingerprint of the hall's own
// certificate (DER) and posts JSON, bytes in base64url without padding:
//
//	POST /api/v1/pair/kiosk
//	{"name", "public_key": 32 bytes, "nonce": 16 random bytes, "proof"}
//
//	proof = HMAC-SHA256(code, "hallpass pair kiosk v1" ‖ fingerprint ‖
//	                          public_key ‖ nonce ‖ name)
//
// The hall computes the same with its own fingerprint, so that a kiosk which
// talks to somebody in between proves nothing. It answers 200 with
//
//	{"node", "hall", "show", "hall_key": 32 bytes, "certificate", "proof"}
//
//	proof = HMAC-SHA256(code, "hallpass pair hall v1" ‖ fingerprint ‖
//	                          node ‖ hall_key ‖ nonce ‖ certificate)
//
// or 403 pairing.code, or 429 too_many after ten wrong codes in a minute. All
// parts but the last have one length, so the proofs have one reading. The kiosk
// checks the proof and keeps everything, with the fingerprint: from now on it
// accepts that certificate and no other, whatever its name or dates. Plain HTTP
// is for loopback; the fingerprint is then 32 zero bytes.
//
// The certificate is the CBOR array [statement, signature]; the statement is
// the encoded map {1 node, 2 public key, 3 show, 4 issued, ms}; the signature is
// the hall's, over "hallpass certificate v1", a zero byte and the statement.
//
// # 3. Connecting
//
// GET /api/v1/link is a websocket (RFC 6455). The answer to the upgrade carries
// 32 random bytes in base64url without padding:
//
//	Hallpass-Nonce: …
//
// The kiosk signs with its key, as the proof in its Hello,
//
//	"hallpass link v1" ‖ 0x00 ‖ nonce ‖ node
//
// # 4. Frames
//
// One binary message is one frame is the CBOR array [type, body], at most
// 4 MiB and the first of a connection 16 KiB, in core deterministic encoding
// (RFC 8949 section 4.2). Bodies are maps; what is zero or empty may be left out;
// unknown keys are skipped; texts take at most 255 bytes; times are milliseconds
// since 1970.
//
//	1 Hello    1 protocol (1) · 2 node · 3 epoch · 4 show · 5 program version
//	           6 cursor: the end of my journal · 7 cursor: how far I read yours
//	           8 proof · 9 now
//	2 Welcome  1 protocol · 2 node · 3 epoch · 4 show · 5 cursor: the end of my
//	           journal · 6 cursor: how far I read yours · 7 now
//	3 Batch    1 number of the first change · 2 [change]
//	4 Ack      1 number of the last change committed
//	5 Status   1 last · 2 acknowledged · 3 unsent · 4 printer state · 5 [reason]
//	           6 program version · 7 free disk, MB · 8 now · 9 tally
//	6 Bye      1 code (package fault) · 2 sentence · 3 proof: with node.revoked the
//	           hall's revocation, as package badge/token writes it
//
//	change     1 node · 2 epoch · 3 number · 4 stamp · 5 kind · 6 payload
//	           7 salt · 8 digest · 9 chain
//	tally      1 {field: {1 outcomes when shown as sure · 2 when shown as doubtful
//	           3 typed}} · 2 [{1 code point read · 2 code point meant · 3 cards}]
//	outcomes   1 accepted · 2 corrected · 3 emptied
//	stamp      [wall, counter, node]
//	cursor     [epoch, number]
//
// Package wire has the payloads by kind, package journal digest and chain. An
// erased change has neither payload nor salt. Whoever passes a change on passes
// its payload on byte for byte.
//
// # 5. A connection
//
//	kiosk                                  hall
//	  Hello  ─────────────────────────────▶   within 10 s
//	  ◀───────────────────────────── Welcome   or Bye, and close
//	  Batch 201…400  ─────────────────────▶
//	  Batch 401…600  ─────────────────────▶   commit
//	  ◀───────────────────────────── Ack 400
//	  ◀─────────────────────────── Batch 7…9
//	  commit; Ack 9  ─────────────────────▶
//	  Status  ────────────────────────────▶   every 2 s, sooner when it changes
//
// A Status says how things stand, all of it each time; the later one counts.
// The tally is what visitors made of what was read from their cards since the
// show allowed counting; a kiosk of a show that does not allow it, or that has
// nothing to tell, leaves it out. It carries no text; a pair of characters goes
// along only once at least three cards have shown it.
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
// The changes of a Batch are consecutive, of the writer's own journal, and
// begin at or before the first one that the reader lacks. Ack(n) says that
// everything up to n is committed; it follows the commit and never goes beyond
// what was sent. A reader that has a change already skips it and acknowledges it
// again. A fact that cannot be used goes to the reader's quarantine and is
// acknowledged: it never blocks those after it.
//
// A kiosk has at most two batches under way, the hall one; a batch holds at most
// 200 changes and, unless it is one change, about 1 MiB. A writer that gets no
// Ack for 30 seconds closes. Both ping every 10 seconds and close after 25
// seconds of silence. A kiosk that lost its connection waits a random time up
// to 250 ms, then twice that, up to 10 s.
//
// Either side may close at any time and loses nothing. A frame that cannot be
// read, is out of place, leaves a gap or acknowledges what was never sent ends
// the connection (close code 1002, 1007 or 1008, with a Bye before it where one
// can still be sent) and nothing else. A second connection of one node replaces
// the first.
//
// # 6. Keys and kiosks out of service
//
// The key of the pairing proves connections and signs badges until the kiosk has
// made another. It says so with the fact "key", which the new key itself signs;
// the hall answers with the same fact and a certificate, down to every kiosk, so
// that whoever knows the hall's public key can tell genuine badges (package
// badge/token). From the certificate on the new key signs; the old one's badges
// go on counting. A fact "key" with "retired" asks for the next one.
//
// The fact "revocation" takes a kiosk out of service for good. The hall tells all
// kiosks, ends that kiosk's connection with Bye node.revoked and the revocation
// as proof, and refuses it so from then on, after it has proven its key. The
// kiosk checks the proof with the hall's public key, and only then wipes itself.
// A kiosk may say neither "revocation" nor a certificate, nor another's key:
// such facts are quarantined.
//
// # 7. Versions
//
// Keys, frame types, kinds and codes only grow, and a program skips the keys
// and quarantines the kinds that it does not know. What cannot be done that way
// is a new protocol number; a hall answers a number that it does not speak with
// Bye wire.protocol.
package sync
