// Package ocr turns the photo of a business card into fields: it decodes the
// picture within limits, finds the card's outline, draws the card flat and
// upright, has an Engine read its lines and a Rereader the doubtful ones again,
// reads a QR code on the card, and decides which line is the name, the company,
// the mobile number, each with a confidence.
//
// It owns pictures and fields; it knows no recognition library (an Engine is
// handed in) and keeps nothing: a Card lives as long as its caller holds it.
// Whatever it is given, it answers with a Card or with one of its errors, which
// callers tell apart with errors.Is. What is uncertain is kept and said to be
// uncertain: a number that fits no numbering plan stays, below Bar.
//
// A photo's way through folders and files, in the order of Reader.Read:
//
//	photo/                          bytes to an upright picture; HEIC and AVIF by
//	                                package heif, where the system has libheif,
//	                                photos sooner by package turbo
//	flat/                           where on it the card lies, and the card flat
//	qr/                             the codes on it
//	reader, engine                  its print upright; lines, by whoever reads
//	weigh, second                   what else they may be, and what another reads
//	fuse, align, script             one text of both
//	codes                           what a QR code on the card says
//	tilt                            lines levelled, where no outline was found
//	spread, broken, gaps, clean,
//	cutline                         lines mended, and cut where a value ends
//	piece, label, compound          pieces of one value each, and their labels
//	attach, split
//	settle, decide, wrap, twins     which field each piece is, all together
//	services, shop                  what a firm deals in, and firms of no legal form
//	offfield, firm                  what no field wants, which line names the firm
//	marks, nearmiss                 accents of a language, and what contradicts
//	cross, family, mend*            what fields say of one another, and put right
//	area, crossarea                 area codes and the cities of addresses
//	phone, nation, unlisted, net,
//	person, degrees, org, place     what a value of each kind looks like
//	evidence, confidence            how sure that is
//	unfamiliar                      cards of a kind that is not read well
//	codemerge, merge                code and print, two sides, two shots
//
// Pixels of a source picture are those of the upright picture, after its Exif
// orientation; pixels of a view are those of the flat card.
package ocr
