package badge

import "log/slog"

// Person is what a badge says about its holder. Any text may be empty, any may
// hold any bytes: PDF cleans, fits and reports.
type Person struct {
	ID             string // only given back in logs, never printed
	Name           string // as its owner writes it
	NameLatin      string // the same name in Latin letters, if it differs
	Company        string
	Title          string
	Country        string
	Category       string   // category id; not printed
	CategoryLabel  string   // what the band says, in the languages the show wants
	CategoryColour string   // "#RRGGBB" of the band; anything else prints a neutral grey
	Flags          []string // what a template may ask for: "speaker", "first_aid", …; not printed
	Portrait       *Picture // may be nil
}

// LogValue keeps a visitor's data out of logs.
func (p Person) LogValue() slog.Value { return slog.StringValue(p.ID) }

// Show is what all badges of a show have in common.
type Show struct {
	Name   string
	Detail string   // a second, quieter line: place and dates, or the name in another language
	Accent string   // "#RRGGBB" of rules and accents; anything else prints the product's blue
	Logo   *Picture // may be nil
}

// Page is what one badge says, on all its sides.
type Page struct {
	Person    Person
	Show      Show
	Token     string // what the QR holds, not empty
	ShortCode string // printed under the QR as it stands
}

// Box is a place on a badge in millimetres from its top left corner.
type Box struct{ X, Y, W, H float64 }

// FieldBox says where a text ended up.
type FieldBox struct {
	Name   string   // the template's name of the text: "name", "company", "category", …
	Side   int      // 0 the front, 1 the back
	Box    Box      // around the lines on the printed page, never beyond the template's room for them
	SizePt float64  // font size in points
	Lines  []string // as printed; personal, not for logs
	Short  bool     // words were abbreviated
	Cut    bool     // the end is missing, an ellipsis shows it
}

// Report says what became of a page's texts.
type Report struct {
	// Missing holds each character that no font has, once, in reading order;
	// U+FFFD stands for bytes that are no text. Letters among them print as 〓,
	// unless the name could be printed in Latin letters instead.
	Missing []string
	Fields  []FieldBox // in drawing order, without empty ones
}
