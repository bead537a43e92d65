package record

import "time"

// Text is one sentence in several languages, by BCP 47 tag.
type Text map[string]string

// In returns the sentence in lang, else in English, else in any language.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	if s, ok := t["en"]; ok {
		return s
	}
	least, text := "", ""
	for tag, s := range t {
		if least == "" || tag < least {
			least, text = tag, s
		}
	}
	return text
}

// Show is how one edition is set up; the hall's word, carried to every kiosk.
// Its form as a file is package showfile's.
type Show struct {
	ID            ShowID
	Edition       string
	Name          Text
	Accent        string   // "#RRGGBB", empty for the house colour
	Logo          []byte   // PNG or JPEG as its file, at most 256 KiB, printed on badges; may be empty
	Languages     []string // BCP 47, the first is offered first
	Timezone      string   // IANA name
	FirstDay      time.Time
	Days          int           // how many days badges are valid, 1–31
	Idle          time.Duration // after which a kiosk forgets the visitor
	BadgeTemplate string
	Rehearsal     bool // nobody in it is real; every page says so
	Learn         bool // kiosks count what visitors correct of what was read from cards, see Tally
	Fields        []FieldRule
	Categories    []Category
	Questions     []Question
	Consents      []ConsentText
	Exhibitors    []Exhibitor
	Gates         []Gate
	Revised       Stamp // when the hall last changed it; the later show wins
}

// FieldRule says that a field is asked, and whether it must be filled.
type FieldRule struct {
	Name     FieldName
	Required bool
}

// Category is a kind of visitor, printed on the badge as a coloured band.
type Category struct {
	ID     CategoryID // at most 12 ASCII characters: the token carries it
	Name   Text
	Colour string // "#RRGGBB"
	Self   bool   // visitors may choose it themselves
}

// QuestionKind says how a question is answered.
type QuestionKind string

// The kinds of questions.
const (
	QuestionSingle QuestionKind = "single"
	QuestionMulti  QuestionKind = "multi"
	QuestionText   QuestionKind = "text"
)

// Question is asked of the categories listed, or of all if none is.
type Question struct {
	ID         QuestionID
	Text       Text
	Kind       QuestionKind
	Options    []Option
	Required   bool
	Categories []CategoryID
}

// Option is one answer to choose.
type Option struct {
	ID   string
	Text Text
}

// ConsentText is one thing that a visitor may agree to. Discloses lists the
// fields that an exhibitor who scans the badge may then see.
type ConsentText struct {
	ID        ConsentID
	Version   uint32
	Text      Text
	Required  bool
	Discloses []FieldName
}

// Exhibitor has a booth and collects leads.
type Exhibitor struct {
	ID    ExhibitorID
	Name  Text
	Hall  string
	Booth string
}

// Gate is where badges are admitted.
type Gate struct {
	ID        GateID
	Name      Text
	Hall      string
	Direction string // "in", "out" or "both"
}

// Disclosed returns the fields of r that an exhibitor may see: those that the
// consents given disclose, of the version that was shown or a later one, and
// nothing once the person is erased (P7).
func (s Show) Disclosed(r Registration) []FieldName {
	var fields []FieldName
	seen := map[FieldName]bool{}
	for _, text := range s.Consents {
		consent := r.Consents[text.ID]
		if !consent.Given || consent.Version < text.Version || !r.Erased.IsZero() {
			continue
		}
		for _, name := range text.Discloses {
			if !seen[name] {
				seen[name] = true
				fields = append(fields, name)
			}
		}
	}
	return fields
}

// MergeShows returns the later revision.
func MergeShows(a, b Show) Show {
	if a.Revised.Compare(b.Revised) >= 0 {
		return a
	}
	return b
}

// Kind is KindShow.
func (Show) Kind() Kind { return KindShow }
