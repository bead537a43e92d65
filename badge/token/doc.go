// Package token owns the signed code in a badge's QR, the short code printed
// under it, and the hall's signed word on whose badges count. It signs, and it
// opens; it stores nothing and knows no clock, and it never decides whether a
// person may pass: that is for whoever holds the voids and the rules. It works
// offline: whoever has the hall's public key can check everything else.
//
// This text is the specification; testdata/vectors.json has what agrees with it
// and what does not, and testdata/verify.py is a verifier written from it alone.
//
// # Token, version 1
//
// A token is 100 bytes, written as 150 characters of Base45 (RFC 9285), so
// that QR's alphanumeric mode carries it: level M, version 6, 41×41 modules.
// Integers are big-endian.
//
//	offset size field
//	 0      2   0C 5F, which Base45 writes "HP1": Hallpass, version 1
//	 2      4   key id: first 4 bytes of SHA-256(public key)
//	 6     16   badge id
//	22      2   issue number, 1 is the first print
//	24      2   first valid day, days since 2020-01-01
//	26      1   number of valid days from there, 0 means every day
//	27      1   flags, meaning set by the show
//	28      8   category, 12 characters of RADIX-40, see below
//	36     64   Ed25519 signature (RFC 8032) over the context string
//	            "hallpass token v1", one zero byte, and bytes 0–35
//
// RADIX-40 puts three characters in two bytes as (a·40+b)·40+c, where 0 is
// "no more characters", 1–26 are a–z, 27–36 are 0–9, 37 is "-", 38 is "." and
// 39 is "_". A category is 0–12 of these; after the first 0 only 0 may follow.
//
// Everything has one spelling: a text of another length, lower case, another
// first pair, a Base45 group out of range, or a category with a hole is no
// token. Base45 holds spaces but a token never starts or ends with one. The
// signature's S is less than the group's order (RFC 8032 section 5.1.7), so that
// no second signature can be made of one.
//
// A token has no room for a show or for the time of signing. The show is that of
// the key; the time is in the badge's id, a ULID, whose first 48 bits are
// milliseconds since 1970: the kiosk's word.
//
// # Short code, version 1
//
// For typing when a camera will not do: 10 characters of Crockford's base32
// (no I, L, O, U), shown in two groups of five. Nine carry the first 45 bits
// of SHA-256("hallpass short code v1", one zero byte, badge id); the tenth
// makes Σ αⁱ·cᵢ = 0 (i = 0…9) in GF(2⁵) modulo x⁵+x²+1 with α = x. All factors
// differ and none is 0, so one wrong character and two swapped ones are always
// caught. A short code proves nothing; it only finds a badge.
//
// # Certificate of a key, version 1
//
// Each kiosk signs with a key of its own, and makes a new one from time to time.
// The hall signs a certificate for each. It is written in Base45 as a token is,
// 225 to 656 characters, so that a QR code can carry it to a reader at a gate.
//
//	offset size
//	 0      2   63 62, which Base45 writes "HPC"
//	 2      1   1, the version
//	 3     32   the kiosk's Ed25519 public key
//	35     16   the kiosk's id
//	51      8   issued: of two certificates of one key the later counts
//	59      8   from then on the key's badges count
//	67      8   until then the key signs; a kiosk replaces it before
//	75      8   until then, not included, the key's badges count
//	83    1+n   length and id of the show: 1–32 of a–z, 0–9, "-" and "_"
//	84+n  1+8m  number, 0–32, and list of the categories that the key may sign, as
//	            in a token, in the order of their ASCII, each once; 0 is all
//	      64    Ed25519 signature of the hall over "hallpass key certificate v1",
//	            one zero byte, and everything before
//
// Times are seconds since 1970 up to 2199 and do not go backwards from the
// second to the fourth. A key that is replaced goes on to prove its badges.
//
// # Revocation of a kiosk, version 1
//
// The hall's word that a kiosk was stolen or taken out of service; 154 to 200
// characters.
//
//	offset size
//	 0      2   DA 09, which Base45 writes "HPR"
//	 2      1   1, the version
//	 3     16   the kiosk's id
//	19      8   when the hall said so
//	27      8   since when its keys are not trusted, not after that
//	35      1   1: none of its badges counts; 0: those made before do
//	36    1+n   length and id of the show
//	      64    Ed25519 signature of the hall over "hallpass revocation v1",
//	            one zero byte, and everything before
//
// Of several revocations of one kiosk the stricter counts: one that voids all,
// else the one with the earliest time. Nothing takes a revocation back.
//
// # What a badge is worth
//
// A verifier (Ring) holds the hall's public key, the show, and any certificates
// and revocations; it passes over those of other halls and shows. Of a token it
// says, the first that is true:
//
//	unknown     well formed as far as "HP1", 150 characters and Base45, but no
//	            certificate has a key with its key id
//	forged      not a token, or the signature holds for no key of that id (four
//	            bytes may stand for several keys)
//	revoked     the key's kiosk is revoked: for all badges, or since a time that is
//	            not after the badge's
//	early       before the certificate's from
//	expired     not before the certificate's end
//	notallowed  a category that the certificate does not name
//	genuine     none of these; doubtful, if the kiosk is revoked for later badges:
//	            a thief can write any time, so whoever knows which badges had
//	            reached the hall before asks for it there
//
// Staff may see the reason. To others, whatever is wrong with a token gives the
// one answer ErrToken, after one verification (against a stand-in key if none
// has the id), so that neither answer nor time tells which keys exist.
//
// A ring cannot see that a badge was copied or lent. A token of another show is
// refused, because no certificate of this show has its key. An older issue after
// a reprint, and a badge taken back, are refused by whoever has heard of the
// void: the hall at once, others as far as they have read the hall's journal. A
// second entry with one badge is for the gates' own rules to notice.
//
// # Test vector
//
// Private key seed 00 01 … 1F; badge id A0 A1 … AF; issue 2; first day
// 2026-09-14; 3 days; flags 01; category "trade". The public key has the id
// 56475AA7. The token is, here broken after 75 characters and with two spaces,
//
//	HP1$+AWKB DKAPKT K33LMEL-PLF$LY3M200I914H067GUB300000055UUM5K7DLM6O35VA2PT4
//	3A6E-M6VSZCRIMKY:0/0E1YIBGVHEPBK8D99JIM7HVSD56JM815K65WA7$$BM+5V:889RSP6924
//
// and the short code is TQW8B16TQP.
package token
