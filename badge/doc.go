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
// break where Chinese and Latin typography allow, never inside 有限公司 and
// the like, and are balanced. Texts never overlap: their rooms do not.
//
// Each character is drawn from the first font of a chain that has it. A letter
// that none has makes a name give way to its Latin form; elsewhere it prints as
// 〓, the geta mark. Symbols and emoji that no font has are left out. All of
// them are reported. A document embeds only the outlines it shows.
//
// # Templates
//
// A template is JSON with lengths in millimetres from the top left corner:
//
//	{"name": "a6", "width": 105, "height": 148, "items": [ITEM, …]}
//
// Items do not overlap and stay on the page. Their kinds:
//
//	text     {"box": [x, y, w, h], "text": SOURCE, "size": SIZE}
//	band     a text on a filled box: "fill": COLOUR, "pad": mm beside the text;
//	         the text is black or white, whichever reads better
//	stack    {"box": …, "items": [TEXT, …]}, texts under each other, each with
//	         "height" (at most) and "space" above instead of a box; an empty one
//	         takes no room
//	heading  the show's logo, name and detail
//	rule     a filled box without text
//	qr       the token, its quiet zone of 4 modules inside the box; exactly one
//
// SOURCE is name, name_latin, company, title, country, category, show, detail
// or short_code. SIZE is {"best", "wrap", "floor", "lines"}: points that a short
// text has, points to which one line shrinks before a second begins, points
// below which it never goes, and lines at most. COLOUR is "#RRGGBB", "accent"
// (the show's) or "category". Also "weight" regular or bold, "colour", "align"
// left, center or right, and "valign" top, middle or bottom.
package badge
