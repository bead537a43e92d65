package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"hallpass/badge/token"
	"hallpass/sync/record"
)

// personLine is one line of the list of people. Keys it does not have are
// passed over, so that an export may be printed as it is.
type personLine struct {
	ID        lineID   `json:"id"`
	Name      string   `json:"name"`
	NameLatin string   `json:"name_latin"`
	Company   string   `json:"company"`
	Title     string   `json:"title"`
	Category  string   `json:"category"`
	Country   string   `json:"country"`
	Flags     []string `json:"flags"`    // what a template may ask for
	Portrait  string   `json:"portrait"` // a file in the folder of -portraits

	line      int // from 1
	badge     [16]byte
	shortCode string
}

// lineID is a string; spreadsheets also give numbers.
type lineID string

// UnmarshalJSON takes a string, or a number as it is written.
func (id *lineID) UnmarshalJSON(data []byte) error {
	var number json.Number
	if json.Unmarshal(data, &number) == nil && len(data) > 0 && data[0] != '"' {
		*id = lineID(number)
		return nil
	}
	return json.Unmarshal(data, (*string)(id))
}

const (
	maxPersonLine = 64 << 10
	maxPeople     = 5000 // pages of one document
)

// readPeople calls each for every line that is not empty, or once for an input
// that is one JSON object on many lines; with an error for a line that is no
// person. It fails on a list that is no text or too long.
func readPeople(ctx context.Context, input io.Reader, each func(personLine, error)) error {
	reader := bufio.NewReaderSize(input, maxPersonLine)
	if text, line := oneObject(reader); text != nil {
		each(person(text, line))
		return ctx.Err()
	}
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(make([]byte, 0, 4096), maxPersonLine)
	people := 0
	for number := 1; scanner.Scan(); number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		text := bytes.TrimSpace(bytes.TrimPrefix(scanner.Bytes(), []byte("\uFEFF")))
		if len(text) == 0 {
			continue
		}
		if people++; people > maxPeople {
			return fmt.Errorf("more than %d people; part the list", maxPeople)
		}
		each(person(text, number))
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d kB; give one JSON object a line", maxPersonLine>>10)
	}
	return scanner.Err()
}

// oneObject returns the whole input if that is one JSON object, and the line it
// begins on.
func oneObject(reader *bufio.Reader) (text []byte, line int) {
	all, err := reader.Peek(maxPersonLine)
	if !errors.Is(err, io.EOF) {
		return nil, 0
	}
	text = bytes.TrimLeft(bytes.TrimPrefix(all, []byte("\uFEFF")), " \t\r\n")
	line = 1 + bytes.Count(all[:len(all)-len(text)], []byte("\n"))
	text = bytes.TrimSpace(text)
	if !bytes.HasPrefix(text, []byte("{")) || !json.Valid(text) {
		return nil, 0
	}
	return text, line
}

// person reads one person, with the badge id and the code that follow from it.
func person(text []byte, line int) (personLine, error) {
	p, err := parsePerson(text)
	p.line = line
	p.badge = badgeBytes(string(p.ID), line, text)
	p.shortCode = token.ShortCode(p.badge)
	return p, err
}

func parsePerson(text []byte) (personLine, error) {
	var person personLine
	if err := json.Unmarshal(text, &person); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return person, fmt.Errorf("%q is a %s; use a string", wrong.Field, wrong.Value)
		}
		return personLine{}, errors.New("no JSON object; write {\"name\":\"…\",\"category\":\"…\"}")
	}
	return person, nil
}

// badgeBytes is the id in the token: a badge id as it is, any other id by its
// hash, and no id by the line, so that the same list gives the same badges.
func badgeBytes(id string, number int, text []byte) [16]byte {
	if b, err := record.BadgeID(id).Bytes(); err == nil {
		return b
	}
	sum := sha256.Sum256([]byte("hallpass listed badge v1\x00" + id))
	if id == "" {
		sum = sha256.Sum256(fmt.Appendf(nil, "hallpass listed line v1\x00%d\x00%s", number, text))
	}
	return [16]byte(sum[:16])
}

// findCategory takes a category's id, or its name in any language of the show.
// A category that the show does not have keeps its id and prints it.
func findCategory(show record.Show, wanted string) (id, label, colour string, err error) {
	wanted = strings.TrimSpace(wanted)
	var known []string
	for _, c := range show.Categories {
		known = append(known, string(c.ID))
		found := strings.EqualFold(wanted, string(c.ID))
		for _, name := range c.Name {
			found = found || strings.EqualFold(wanted, name)
		}
		if found {
			label = inLanguage(show, c.Name, 0)
			if second := inLanguage(show, c.Name, 1); second != label {
				label += " " + second
			}
			return string(c.ID), label, c.Colour, nil
		}
	}
	if id = strings.ToLower(wanted); token.CheckCategory(id) != nil {
		return "", "", "", fmt.Errorf("category %q: use one of the show, %s", wanted, strings.Join(known, ", "))
	}
	return id, wanted, "", nil
}

// inLanguage is a text in the show's n-th language, or in its last.
func inLanguage(show record.Show, text record.Text, n int) string {
	if len(show.Languages) == 0 {
		return text.In("en")
	}
	return text.In(show.Languages[min(n, len(show.Languages)-1)])
}
