package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"hallpass/badge"
	"hallpass/badge/token"
	"hallpass/cmd/internal/config"
	"hallpass/sync/record"
)

// badgeSettings are the flags of "kiosk badge".
type badgeSettings struct {
	Template string `config:"template,name of a built-in template (a6, card, fanfold, label-62x100, label-90x100) or a template file"`
	Output   string `config:"o,write the PDF to this file instead of standard output"`
	JSON     bool   `config:"json,one JSON line a page on standard error"`
	Key      string `config:"key,PEM file of the Ed25519 key that signs, as made by openssl genpkey -algorithm ed25519"`
	Data     string `config:"data,data folder of the kiosk whose key signs"`
	Show     string `config:"show,show file for names, categories and days (default: the sample show)"`
}

// runBadge prints badges for a list of people without registering anybody: one
// page for each line of PEOPLE.ndjson. A line that cannot be printed is
// reported and the others are printed; the error then says how many are left.
func runBadge(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	settings := badgeSettings{Template: "a6"}
	rest, err := config.Load(config.Command{
		Name:    "kiosk badge",
		About:   "Makes a PDF with one badge for each line of {\"id\",\"name\",\"name_latin\",\"company\",\"title\",\"category\",\"country\"}.",
		Args:    "[PEOPLE.ndjson|-]",
		Example: `echo '{"id":"1","name":"王芳","category":"trade"}' | kiosk badge -template a6 -o badge.pdf`,
		Output:  stdout,
	}, args, &settings)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case len(rest) > 1:
		return fmt.Errorf("%d lists of people; give one, or join them with cat and give -", len(rest))
	case settings.Output == "" && isTerminal(stdout):
		return errors.New("a PDF is not for the terminal; give -o FILE")
	}
	press, err := newBadgePress(settings)
	if err != nil {
		return err
	}
	if press.throwaway && !settings.JSON {
		fmt.Fprintln(stderr, "kiosk badge: signed with a throwaway key, no scanner will know it; give -data DIR or -key FILE")
	}
	input, name := stdin, "standard input"
	if len(rest) == 1 && rest[0] != "-" {
		file, err := os.Open(rest[0])
		if err != nil {
			return fmt.Errorf("open the list of people: %w", err)
		}
		defer file.Close()
		input, name = file, rest[0]
	}
	return press.run(ctx, settings, input, name, stdout, stderr)
}

// badgePress is everything that one call of the command needs.
type badgePress struct {
	renderer  *badge.Renderer
	show      record.Show
	key       ed25519.PrivateKey
	throwaway bool
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
	ThrowawayKey bool     `json:"throwaway_key,omitempty"`
	Error        string   `json:"error,omitempty"`
}

func (p *badgePress) run(ctx context.Context, settings badgeSettings, input io.Reader, name string, stdout, stderr io.Writer) error {
	var pages []badge.Page
	var lines []printedPage
	refused := 0
	err := readPeople(ctx, input, func(person personLine, lineErr error) {
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
		return fmt.Errorf("read %s: %w", name, err)
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

// write makes the whole PDF before it touches the file, so that a failure
// leaves no half badge behind, and enters what no font has into the lines.
func (p *badgePress) write(pages []badge.Page, lines []printedPage, output string, stdout io.Writer) error {
	var pdf bytes.Buffer
	reports, err := p.renderer.PDF(&pdf, pages)
	if err != nil {
		return err
	}
	next := 0
	for i := range lines {
		if lines[i].Error != "" {
			continue
		}
		if missing := reports[next].Missing; missing != nil {
			lines[i].Missing = missing
		}
		next++
	}
	if output == "" || output == "-" {
		_, err = stdout.Write(pdf.Bytes())
	} else {
		err = os.WriteFile(output, pdf.Bytes(), 0o600) // a visitor's data
	}
	if err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
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
		case len(line.Missing) > 0:
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
		},
		Show:  badge.Show{Name: inLanguage(p.show, p.show.Name, 0), Detail: showDetail(p.show), Accent: p.show.Accent},
		Token: text, ShortCode: token.FormatShort(person.shortCode),
	}, nil
}

// showDetail is the show's name in its second language, else its first day.
func showDetail(show record.Show) string {
	if second := inLanguage(show, show.Name, 1); second != inLanguage(show, show.Name, 0) {
		return second
	}
	return show.FirstDay.Format(time.DateOnly)
}
