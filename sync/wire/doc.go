// Package wire owns how facts and frames look as bytes and how they cross a
// websocket. It is the only home of CBOR and of the websocket library. It
// decides nothing: who may connect, what is stored and what is sent next are
// for the hall and for package link. The protocol around the frames is
// specified in package sync.
//
// # Encoding
//
// Everything is CBOR (RFC 8949) in the core deterministic encoding of its
// section 4.2: one value has one spelling. Maps have small unsigned integer
// keys; what is zero or empty is left out. The decoder refuses tags,
// indefinite lengths, repeated keys, text that is not UTF-8, bytes after the
// end, more than 8 levels, 4,096 elements in an array and 256 pairs in a map.
// Keys that it does not know are skipped, so a later program may add keys; a
// node that passes a fact on passes on the bytes that it got.
//
// # Facts
//
// A stamp is the array [wall, counter, node]; a register is the map {1: value,
// 2: stamp, 3: stamp of what it replaced}; 3 is left out where a registration's
// first form is written (record.Version says how that tells a conflict).
//
//	registration  1 id · 2 show · 3 node · 4 created · 5 source · 6 category register
//	              7 {field: register} · 8 {question: {1 [picks], 2 text, 3 stamp,
//	              4 stamp of what it replaced}}
//	              9 {consent: {1 given, 2 version, 3 stamp}} · 10 erased
//	              11 awaited · 12 code
//	badge         1 id · 2 registration · 3 show · 4 node · 5 issue · 6 category
//	              7 short code · 8 state register · 9 reason register · 10 voided
//	lead          1 id · 2 show · 3 exhibitor · 4 device · 5 client id · 6 badge
//	              7 at (RFC 3339, UTC) · 8 created · 9 rating register · 10 notes register
//	passage       1 id · 2 show · 3 gate · 4 device · 5 badge · 6 issue · 7 "in" or "out"
//	              8 at, ms since 1970 · 9 why refused, a fault's code
//	show          the JSON of package showfile
//	key           1 public key · 2 node · 3 show · 4 made · 5 proof (ProveKey)
//	              6 certificate register, the text of package token · 7 retired
//	revocation    1 node · 2 show · 3 at · 4 since, s · 5 all · 6 statement, the
//	              text of package token
//	void          1 badge · 2 registration · 3 show · 4 at · 5 reason
//	erasure       1 registration · 2 show · 3 at
//	erased        1 registration · 2 show · 3 node · 4 at
//	registered    1 show · 2 key · 3 region · 4 [[hash, registration]] · 5 up to
//	decision      1 at · 2 show · 3 by · 4 act · 5 registration · 6 {part: [stamps seen]}
//	              7 [node, epoch, number, digest] of a change in quarantine · 8 reason
//	              9 stamp of what it wrote
//
// A fact takes at most 3 MiB, so that one always fits a frame.
//
// # Failure
//
// Decode answers fault.UnknownFact for a kind from a later program and
// fault.RefusedFact for bytes that are no such fact or that cannot be true:
// both belong in quarantine and stop nothing. A broken frame answers
// fault.BadFrame and ends its connection, because nothing after it can be
// trusted; the sender starts again from what was acknowledged.
package wire
