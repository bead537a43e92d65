// Package roster reads a list of people who are expected, as CSV (RFC 4180), for
// one show: a header row names the columns, each further line is one person. It
// keeps nothing and knows no ids: what becomes of a line is for the hall to say.
//
// It takes UTF-8 with or without a byte order mark, commas, semicolons or tabs,
// and headers in English or Chinese; columns that it does not know are passed
// over and listed. A line that cannot be used is a Problem with its number, and
// the next one is read; New fails only for what is no such list at all.
package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Options say how to read what the header does not.
type Options struct {
	Columns  map[string]string // header → "category", "code", a field or a question; wins over the names known
	Key      string            // the header of a column that names a person for ever, such as a customer number
	Category record.CategoryID // of lines without one
}

// Row is one person. Answers have no stamps.
type Row struct {
	Line     int
	Key      string // of Options.Key, else the code, else all that the line says
	Code     string // in its normal form, empty if the list has none
	Category record.CategoryID
	Fields   map[record.FieldName]string
	Answers  map[record.QuestionID]record.Answer
}

// Problem is why a line cannot be used. Its texts hold none of the line's.
type Problem struct {
	Line    int    `json:"line"`
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// Error names the line and, if there is one, the column.
func (p *Problem) Error() string {
	if p.Column == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Message)
	}
	return fmt.Sprintf("line %d, column %q: %s", p.Line, p.Column, p.Message)
}

// sentence is what is wrong with a cell, for people.
type sentence string

func (s sentence) Error() string { return string(s) }

// Reader gives the rows of one list.
type Reader struct {
	show    record.Show
	options Options
	csv     *csv.Reader
	columns []column
	codes   map[string]int // code → line
	ignored []string
}

// column is what a column holds; nothing if all are empty.
type column struct {
	header   string
	field    record.FieldName
	question record.QuestionID
	category bool
	code     bool
	key      bool
}

// maxText is the longest text of a field, in characters, as at a kiosk.
const maxText = 300

// New reads the header. It answers fault.Invalid, with a sentence for whoever
// made the list, if it is none.
func New(in io.Reader, show record.Show, o Options) (*Reader, error) {
	buffered := bufio.NewReaderSize(in, 64<<10)
	start, err := buffered.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		_, _ = buffered.Discard(3) // peeked
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")), bytes.HasPrefix(start, []byte("PK\x03")):
		return nil, fault.New(fault.Invalid, "This is no CSV in UTF-8; save the list as \"CSV UTF-8\".")
	}
	r := &Reader{show: show, options: o, codes: map[string]int{}, csv: csv.NewReader(buffered)}
	head, err := buffered.Peek(buffered.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	r.csv.Comma = separator(head)
	r.csv.FieldsPerRecord = -1
	header, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "The list is empty; its first line names the columns.")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "The first line cannot be read as names of columns.", err)
	}
	if o.Category != "" && !slices.ContainsFunc(show.Categories, func(c record.Category) bool { return c.ID == o.Category }) {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("This show has no category %q.", o.Category)).WithField("category")
	}
	return r, r.name(slices.Clone(header))
}

// separator is the sign that parts most columns in the first line.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, sign := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(sign))); n > most {
			best, most = sign, n
		}
	}
	return best
}

// named refuses what the options say of columns if it cannot be so.
func (r *Reader) named(header []string) error {
	for _, h := range slices.Sorted(maps.Keys(r.options.Columns)) {
		c := r.column(h)
		c.header = ""
		switch {
		case !slices.Contains(header, h):
			return fault.New(fault.Invalid, fmt.Sprintf("The list has no column %q.", h)).WithField("columns")
		case c == column{}:
			return fault.New(fault.Invalid, fmt.Sprintf("This show has no field or question %q for the column %q.", r.options.Columns[h], h)).WithField("columns")
		}
	}
	return nil
}

// name decides what each column holds.
func (r *Reader) name(header []string) error {
	if err := r.named(header); err != nil {
		return err
	}
	used, keyed := map[column]bool{}, r.options.Key == ""
	for _, h := range header {
		c := r.column(h)
		bare := c
		bare.header, bare.key = "", false
		if bare != (column{}) && used[bare] {
			return fault.New(fault.Invalid, fmt.Sprintf("Two columns say the same; %q is the second.", h))
		}
		used[bare] = true
		if c.key = h == r.options.Key && h != ""; c.key {
			keyed = true
		}
		if bare == (column{}) && !c.key && strings.TrimSpace(h) != "" {
			r.ignored = append(r.ignored, h)
		}
		r.columns = append(r.columns, c)
	}
	delete(used, column{})
	switch {
	case !keyed:
		return fault.New(fault.Invalid, fmt.Sprintf("The list has no column %q.", r.options.Key))
	case len(used) == 0:
		return fault.New(fault.Invalid, "No column has a name that this show knows; name them as the show's fields, or say which is which.")
	}
	return nil
}

func (r *Reader) column(header string) column {
	name, mapped := r.options.Columns[header]
	if !mapped {
		name = known(header)
	}
	c := column{header: header}
	switch {
	case name == "category":
		c.category = true
	case name == "code":
		c.code = true
	case slices.ContainsFunc(r.show.Fields, func(f record.FieldRule) bool { return string(f.Name) == name }):
		c.field = record.FieldName(name)
	case slices.ContainsFunc(r.show.Questions, func(q record.Question) bool { return string(q.ID) == name }):
		c.question = record.QuestionID(name)
	}
	return c
}

// Ignored lists the headers that mean nothing to the show.
func (r *Reader) Ignored() []string { return r.ignored }

// Next returns the next row, a *Problem for a line that cannot be used, or
// io.EOF. Blank lines are passed over.
func (r *Reader) Next() (Row, error) {
	for {
		record, err := r.csv.Read()
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			return Row{}, &Problem{Line: bad.StartLine, Message: "The quotation marks of this line do not match."}
		case err != nil:
			return Row{}, err
		case !slices.ContainsFunc(record, func(text string) bool { return strings.TrimSpace(text) != "" }):
			continue
		}
		line, _ := r.csv.FieldPos(0)
		return r.row(line, record)
	}
}

// row reads one line. Where it says a thing wrong, the first is told.
func (r *Reader) row(line int, texts []string) (Row, error) {
	row := Row{Line: line, Category: r.options.Category, Fields: map[record.FieldName]string{}, Answers: map[record.QuestionID]record.Answer{}}
	if len(texts) > len(r.columns) {
		return row, &Problem{Line: line, Message: fmt.Sprintf("The line has %d columns, the first line %d.", len(texts), len(r.columns))}
	}
	key := ""
	for i, text := range texts {
		if err := r.cell(&row, &key, r.columns[i], text); err != nil {
			return row, &Problem{Line: line, Column: r.columns[i].header, Message: err.Error()}
		}
	}
	if row.empty() && key == "" {
		return row, &Problem{Line: line, Message: "The line says nothing of anybody."}
	}
	if other := r.codes[row.Code]; row.Code != "" && other > 0 {
		return row, &Problem{Line: line, Message: fmt.Sprintf("Line %d has the same code.", other)}
	}
	r.codes[row.Code] = line
	switch {
	case r.options.Key != "" && key == "":
		return row, &Problem{Line: line, Column: r.options.Key, Message: "The line does not say who this is."}
	case r.options.Key != "":
		row.Key = "key\x00" + key
	case row.Code != "":
		row.Key = "code\x00" + row.Code
	default:
		row.Key = "line\x00" + strings.Join(texts, "\x00")
	}
	return row, nil
}

// empty reports whether nothing that the show knows is said.
func (r Row) empty() bool {
	for _, text := range r.Fields {
		if text != "" {
			return false
		}
	}
	return r.Code == "" && len(r.Answers) == 0
}

// cell reads one text; its errors are sentences without the text.
func (r *Reader) cell(row *Row, key *string, c column, text string) error {
	text, err := clean(text)
	if err != nil {
		return err
	}
	if c.key {
		*key = text
	}
	switch {
	case c.field != "":
		row.Fields[c.field] = text
	case text == "":
	case c.code:
		if row.Code = record.CodeOf(text); row.Code == "" {
			return sentence("A code is 6 to 64 letters and digits.")
		}
	case c.category:
		row.Category, err = r.category(text)
	case c.question != "":
		row.Answers[c.question], err = r.answer(c.question, text)
	}
	return err
}

// clean makes one line of a text, as a kiosk does.
func clean(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", sentence("The text is not UTF-8; save the list as \"CSV UTF-8\".")
	}
	text = record.OneLine(text)
	if utf8.RuneCountInString(text) > maxText {
		return "", sentence(fmt.Sprintf("The text is longer than %d characters.", maxText))
	}
	return text, nil
}

func (r *Reader) category(text string) (record.CategoryID, error) {
	for _, c := range r.show.Categories {
		if strings.EqualFold(string(c.ID), text) || says(c.Name, text) {
			return c.ID, nil
		}
	}
	return "", sentence("The show has no such category.")
}

// answer reads one option or, parted by semicolons, several.
func (r *Reader) answer(id record.QuestionID, text string) (record.Answer, error) {
	i := slices.IndexFunc(r.show.Questions, func(q record.Question) bool { return q.ID == id })
	q := r.show.Questions[i]
	if q.Kind == record.QuestionText {
		return record.Answer{Text: text}, nil
	}
	var picks []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";；|、", r) }) {
		part = strings.TrimSpace(part)
		i := slices.IndexFunc(q.Options, func(o record.Option) bool { return strings.EqualFold(o.ID, part) || says(o.Text, part) })
		if i < 0 {
			return record.Answer{}, sentence("The question has no such answer.")
		}
		picks = append(picks, q.Options[i].ID)
	}
	slices.Sort(picks)
	picks = slices.Compact(picks)
	if len(picks) > 1 && q.Kind == record.QuestionSingle {
		return record.Answer{}, sentence("The question takes one answer.")
	}
	return record.Answer{Picks: picks}, nil
}

// says reports whether a text is one of the languages'.
func says(t record.Text, text string) bool {
	for _, sentence := range t {
		if strings.EqualFold(sentence, text) {
			return true
		}
	}
	return false
}
