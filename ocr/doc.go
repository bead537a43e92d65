// Package ocr turns the photo of a business card into fields: it decodes the
// picture within limits, finds the card's outline, draws the card flat and
// upright, has an Engine read its lines, and decides which line is the name,
// the company, the mobile number, each with a confidence.
//
// It owns pictures and fields; it knows no recognition library (an Engine is
// handed in) and keeps nothing: a Card lives as long as its caller holds it.
// Whatever it is given, it answers with a Card or with one of its errors, which
// callers tell apart with errors.Is. What is uncertain is kept and said to be
// uncertain: a number that fits no numbering plan stays, below Bar.
//
// Pixels of a source picture are those of the upright picture, after its Exif
// orientation; pixels of a view are those of the flat card.
package ocr
