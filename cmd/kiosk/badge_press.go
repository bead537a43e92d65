package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"hallpass/badge"
	"hallpass/badge/token"
	"hallpass/sync/record"
)

// badgePress is everything that one call of the command needs.
type badgePress struct {
	renderer  *badge.Renderer
	show      record.Show
	key       ed25519.PrivateKey
	throwaway bool
	logo      *badge.Picture // may be nil
	portraits *os.Root       // nil without -portraits
}

func newBadgePress(settings badgeSettings) (*badgePress, error) {
	renderers, err := newRenderers()
	if err != nil {
		return nil, err
	}
	p := &badgePress{}
	if p.renderer, err = renderers.find(settings.Template); err != nil {
		return nil, err
	}
	if p.show, err = badgeShow(settings.Show); err != nil {
		return nil, err
	}
	if len(p.show.Logo) > 0 {
		if p.logo, err = badge.ParsePicture(p.show.Logo); err != nil {
			return nil, fmt.Errorf("the show's logo: %w", err)
		}
	}
	if settings.Pictures != "" {
		if p.portraits, err = os.OpenRoot(settings.Pictures); err != nil {
			return nil, fmt.Errorf("open the folder of portraits: %w", err)
		}
	}
	p.key, p.throwaway, err = badgeKey(settings.Key, settings.Data)
	return p, err
}

// printedPage is the line that -json prints for a page, or for a line of the
// list that gave none.
type printedPage struct {
	ID           string   `json:"id"`
	Token        string   `json:"token,omitempty"`
	ShortCode    string   `json:"short_code,omitempty"`
	Missing      []string `json:"missing"`
	Short        []string `json:"short,omitempty"` // texts with words abbreviated
	Cut          []string `json:"cut,omitempty"`   // texts that end in an ellipsis
	ThrowawayKey bool     `json:"throwaway_key,omitempty"`
	Error        string   `json:"error,omitempty"`
}

func (p *badgePress) run(ctx context.Context, settings badgeSettings, input io.Reader, name string, stdout, stderr io.Writer) error {
	pages, lines, refused, err := p.pages(ctx, input, name)
	if err != nil {
		return err
	}
	if len(pages) > 0 {
		if err := p.write(pages, lines, settings.Output, stdout); err != nil {
			return err
		}
	}
	if err := report(stderr, lines, settings.JSON); err != nil {
		return err
	}
	switch {
	case len(lines) == 0:
		return fmt.Errorf("%s holds nobody; give one JSON object a line", name)
	case refused > 0:
		return fmt.Errorf("%d of %d lines gave no badge; mend them and print those again", refused, len(lines))
	}
	return nil
}

// pages are the badges of a list, and a line for each line of it, of which some
// may be refused.
func (p *badgePress) pages(ctx context.Context, input io.Reader, name string) (pages []badge.Page, lines []printedPage, refused int, err error) {
	err = readPeople(ctx, input, func(person personLine, lineErr error) {
		page, line, err := badge.Page{}, printedPage{ID: string(person.ID), Missing: []string{}}, lineErr
		if err == nil {
			page, err = p.page(person)
		}
		if err != nil {
			refused++
			line.Error = fmt.Sprintf("%s line %d: %v", name, person.line, err)
		} else {
			line.Token, line.ThrowawayKey = page.Token, p.throwaway
			line.ShortCode = person.shortCode
			pages = append(pages, page)
		}
		lines = append(lines, line)
	})
	if err != nil {
		return nil, nil, 0, fmt.Errorf("read %s: %w", name, err)
	}
	return pages, lines, refused, nil
}

// write makes the whole PDF before it touches the file, so that a failure
// leaves no half badge behind, and enters what no font has into the lines.
func (p *badgePress) write(pages []badge.Page, lines []printedPage, output string, stdout io.Writer) error {
	var pdf bytes.Buffer
	reports, err := p.renderer.PDF(&pdf, pages)
	if err != nil {
		return err
	}
	enter(reports, lines)
	return deliver(output, "PDF", pdf.Bytes(), stdout)
}

// deliver writes to a file that only its owner can read, as it holds a
// visitor's data, or to standard output.
func deliver(output, what string, data []byte, stdout io.Writer) (err error) {
	if output == "" || output == "-" {
		_, err = stdout.Write(data)
	} else {
		err = os.WriteFile(output, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the %s: %w", what, err)
	}
	return nil
}

// enter puts what became of the pages into the lines that gave one.
func enter(reports []badge.Report, lines []printedPage) {
	for i := range lines {
		if lines[i].Error != "" {
			continue
		}
		report := reports[0]
		reports = reports[1:]
		if report.Missing != nil {
			lines[i].Missing = report.Missing
		}
		for _, f := range report.Fields {
			if f.Short && !slices.Contains(lines[i].Short, f.Name) {
				lines[i].Short = append(lines[i].Short, f.Name)
			}
			if f.Cut && !slices.Contains(lines[i].Cut, f.Name) {
				lines[i].Cut = append(lines[i].Cut, f.Name)
			}
		}
	}
}

func report(stderr io.Writer, lines []printedPage, asJSON bool) error {
	encoder := json.NewEncoder(stderr)
	encoder.SetEscapeHTML(false)
	for _, line := range lines {
		var err error
		switch {
		case asJSON:
			err = encoder.Encode(line)
		case line.Error != "":
			_, err = fmt.Fprintln(stderr, "kiosk badge:", line.Error)
		case len(line.Cut) > 0:
			_, err = fmt.Fprintf(stderr, "kiosk badge: badge %s: %s too long even in the smallest type, cut with an ellipsis\n", line.ID, strings.Join(line.Cut, ", "))
		}
		if err == nil && !asJSON && len(line.Missing) > 0 {
			_, err = fmt.Fprintf(stderr, "kiosk badge: badge %s: no font has %q; install fonts-lxgw-wenkai and fonts-hanazono for rare characters\n", line.ID, line.Missing)
		}
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// page is a person's badge with its token, valid on the days of the show.
func (p *badgePress) page(person personLine) (badge.Page, error) {
	category, label, colour, err := findCategory(p.show, person.Category)
	if err != nil {
		return badge.Page{}, err
	}
	portrait, err := p.portrait(person.Portrait)
	if err != nil {
		return badge.Page{}, err
	}
	text, err := token.Sign(p.key, token.Claims{
		Badge: person.badge, Issue: 1, Category: category, FirstDay: p.show.FirstDay, Days: uint8(min(p.show.Days, 255)),
	})
	if err != nil {
		return badge.Page{}, err
	}
	return badge.Page{
		Person: badge.Person{
			ID: string(person.ID), Name: person.Name, NameLatin: person.NameLatin, Company: person.Company, Title: person.Title,
			Country: person.Country, Category: category, CategoryLabel: label, CategoryColour: colour,
			Flags: person.Flags, Portrait: portrait,
		},
		Show:  badge.Show{Name: inLanguage(p.show, p.show.Name, 0), Detail: showDetail(p.show), Accent: p.show.Accent, Logo: p.logo},
		Token: text, ShortCode: token.FormatShort(person.shortCode),
	}, nil
}

// maxPortrait is what badge.ParsePicture reads, and one byte more for it to refuse.
const maxPortrait = 8<<20 + 1

// portrait reads the picture that a line names, from the folder of -portraits
// and nowhere else: a list may come from anybody. Its errors name the file, whose
// name the list's owner gave, and nobody.
func (p *badgePress) portrait(name string) (_ *badge.Picture, err error) {
	switch {
	case name == "":
		return nil, nil
	case p.portraits == nil:
		return nil, errors.New("a portrait is named; say with -portraits in which folder it lies")
	}
	file, err := p.portraits.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the portrait: %w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the portrait %q is no file", name)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxPortrait))
	if err != nil {
		return nil, fmt.Errorf("read the portrait %q: %w", name, err)
	}
	picture, err := badge.ParsePicture(data)
	if err != nil {
		return nil, fmt.Errorf("the portrait %q: %w", name, err)
	}
	return picture, nil
}

// showDetail is the show's name in its second language, else its first day.
func showDetail(show record.Show) string {
	if second := inLanguage(show, show.Name, 1); second != inLanguage(show, show.Name, 0) {
		return second
	}
	return show.FirstDay.Format(time.DateOnly)
}
