// Package token owns the signed code in a badge's QR and the short code
// printed under it. It signs, and it opens; it stores nothing, knows no clock
// and no show, and never decides whether a badge may pass: that is for whoever
// holds the voids and the rules. It works offline with public keys alone.
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
// token. Base45 holds spaces but a token never starts or ends with one.
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
