// Package badge owns how a badge looks: its template, the fitting of texts, the
// fonts, the QR as vectors, and the PDF. It refuses to know about shows,
// registrations, keys or printers: the caller brings every text, the token
// (package token) and where the bytes go. Nothing of it keeps state; a Renderer
// serves any number of goroutines.
//
// It fails at the start, not at the counter: ParseTemplate, OpenFonts and
// ParsePicture refuse what could print badly. After that no visitor's text can
// make PDF fail; what had to be abbreviated, cut or left out is in its Report.
//
// # Text
//
// A text becomes one line of composed characters without control characters.
// In its room it first shrinks on one line, then wraps, then shrinks to its
// floor; then words are abbreviated one by one ("Corporation" to "Corp.",
// middle names to initials); at last it is cut and an ellipsis says so. Lines
// break where each script lets them, never inside 有限公司 and the like, and
// are balanced. Texts never overlap: their rooms do not. Lines are as high as
// their ink, so stacked scripts get smaller instead of leaving their room.
//
// A text is set in clusters, what readers see as one character: package script
// joins, stacks and places its letters and orders it for the eye, where "left"
// stays the left of the box also for right-to-left texts. A word is set in the
// first font of a chain that has all its letters, Chinese and emoji each for
// itself. A letter that no font has makes a name give way to its Latin form;
// elsewhere it prints as 〓, the geta mark. Symbols and accents that no font has
// are left out. All of them are reported, before printing by Fonts.Missing. A
// document embeds only the outlines it shows, and holds the text as it was
// written.
//
// # Templates
//
// A template is JSON with lengths in millimetres from the top left corner of a
// side, points for type, and a published JSON Schema (assets/badge/schema):
//
//	{"name": "a6", "width": 105, "height": 148, "items": [ITEM, …], "back": BACK}
//
// BACK, if there is one, is {"on": PLACE, "items": [ITEM, …]}, of the same
// size. PLACE is page, a page of its own; below, the same page under the front
// and upside down, so that folding the page at the front's foot puts it right;
// or beside, the same page to the front's right.
//
// Shapes lie under all else in their order:
//
//	rect     a box: "fill": COLOUR or "outline": COLOUR with "stroke": mm, or
//	         both; "radius": mm of its corners
//	ellipse  the same in a box, without corners
//	line     {"from": [x, y], "to": [x, y], "stroke": mm, "colour": COLOUR}
//
// The other kinds do not overlap each other; a text without a ground of its own
// stands wholly on a shape or wholly beside it:
//
//	text     {"box": [x, y, w, h], "text": SOURCE, "size": SIZE}, or "say": a
//	         text of the template's own
//	band     a text on a filled box: "fill": COLOUR, "pad": mm beside the text,
//	         "radius"
//	stack    {"box": …, "items": [TEXT, …]}, texts under each other, each with
//	         "height" (at most) and "space" above instead of a box; an empty one
//	         takes no room
//	heading  the show's logo, name and detail
//	logo, portrait  the show's logo, the person's portrait: "fit" contain or
//	         cover, "radius"
//	picture  the same with "file", a PNG or JPEG beside the template, or "data",
//	         one in base64; "behind": true puts it under everything, also texts,
//	         and on no label
//	rule     a filled box without text
//	slot     a hole in the paper that stays clear; with "stroke" it is outlined
//	qr       the token, its quiet zone of 4 modules inside the box, on white;
//	         one on a side at most, one on the badge at least; 40.4 mm or more
//	         are read from afar and askew, 53 mm are the most readers can use
//
// SOURCE is name, name_latin, company, title, country, category, show, detail
// or short_code. SIZE is {"best", "wrap", "floor", "lines"}: points that a short
// text has, points to which one line shrinks before a second begins, points
// below which it never goes, and lines at most. COLOUR is "#RRGGBB", "accent"
// (the show's) or "category"; a text whose colour would not stand out from what
// it stands on is black or white, as is one without "colour". Texts have
// "weight" regular or bold; texts and pictures "align" left, center or right,
// and "valign" top, middle or bottom.
//
// Any item but the qr may have an "if"; all its members must hold, and each is a
// word or a list: has and lacks name texts, "logo" or "portrait"; category and
// not_category ids of categories; flag and not_flag flags of the person. Items
// that cannot be on the same badge may share a place.
//
// A label printer has only black and white. A colour on which white reads
// better is black there and any other white, though a thin line stays black and
// a light box keeps a frame unless it is nearly white; texts follow their
// ground, and pictures are dithered. "mono" says otherwise: black, white or absent for a
// shape, sharp (not dithered) or absent for a picture.
package badge
