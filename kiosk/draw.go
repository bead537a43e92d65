package kiosk

import (
	"bytes"
	"fmt"
	"image"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"

	"hallpass/badge"
	"hallpass/badge/spool"
	"hallpass/badge/token"
	"hallpass/sync/record"
)

var _ Layout = (*Drawing)(nil)

// Drawing is the Layout that draws with package badge; for any number of
// goroutines. Set its exported fields and do not copy it.
type Drawing struct {
	// Renderer returns the renderer of a template by its name in the show.
	Renderer func(template string) (*badge.Renderer, error)
	Log      *slog.Logger

	mu   sync.Mutex
	file []byte         // that logo was made of; guarded by mu
	logo *badge.Picture // nil if file is none; guarded by mu
}

// job draws an entry's newest badge, b, for any kind of printer: pages at once,
// labels when the printer asks for its own number of dots, which is told to
// asked. A label is drawn once, however often it is asked for.
func (d *Desk) job(e Entry, b Badge, asked func(dpi int)) (spool.Job, error) {
	show := d.Store.Show()
	pdf, err := d.Layout.PDF(show, e)
	if err != nil {
		return spool.Job{}, err
	}
	var mu sync.Mutex
	drawn := map[int][]*image.Paletted{}
	label := func(dpi int) ([]*image.Paletted, error) {
		mu.Lock()
		defer mu.Unlock()
		asked(dpi)
		if drawn[dpi] != nil {
			return drawn[dpi], nil
		}
		sides, err := d.Layout.Label(show, e, dpi)
		drawn[dpi] = sides
		return sides, err
	}
	return spool.Job{Name: b.Job(), PDF: pdf, Label: label}, nil
}

// noToken stands in the QR code of a preview: a badge that was not printed must
// let nobody in from a photograph of the screen.
const noToken = "PREVIEW"

// Preview draws the badge that a form would give, in dots an inch. Nothing is
// kept, and what else the form must hold, consents and answers, is not asked
// yet; nor whether a category is one to choose, which the hall's list may have given.
// Its fault is fault.Invalid with the field.
func (d *Desk) Preview(form Form, dpi int) (Proof, error) {
	show, at := d.Store.Show(), d.Clock.Tick()
	given := record.Registration{Category: record.Register[record.CategoryID]{Value: form.Category}}
	category, err := form.category(inviting(show, given), at)
	if err != nil {
		return Proof{}, err
	}
	fields, err := form.fields(show, at)
	if err != nil {
		return Proof{}, err
	}
	return d.Layout.Proof(show, Entry{
		Registration: record.Registration{Fields: fields, Category: category},
		Badges:       []Badge{{Token: noToken, Badge: record.Badge{Category: category.Value}}},
	}, dpi)
}

// PDF draws the newest badge.
func (d *Drawing) PDF(show record.Show, e Entry) ([]byte, error) {
	renderer, err := d.Renderer(show.BadgeTemplate)
	if err != nil {
		return nil, fmt.Errorf("draw badge: %w", err)
	}
	var out bytes.Buffer
	reports, err := renderer.PDF(&out, []badge.Page{d.page(show, e)})
	if err != nil {
		return nil, fmt.Errorf("draw badge: %w", err)
	}
	for _, r := range reports {
		d.missing(e, r)
	}
	return out.Bytes(), nil
}

// Label draws the newest badge for a label printer.
func (d *Drawing) Label(show record.Show, e Entry, dpi int) ([]*image.Paletted, error) {
	renderer, err := d.Renderer(show.BadgeTemplate)
	if err != nil {
		return nil, fmt.Errorf("draw label: %w", err)
	}
	sides, r, err := renderer.Bitmaps(d.page(show, e), dpi)
	if err != nil {
		return nil, fmt.Errorf("draw label: %w", err)
	}
	d.missing(e, r)
	return sides, nil
}

// Proof draws the newest badge's front for a screen.
func (d *Drawing) Proof(show record.Show, e Entry, dpi int) (Proof, error) {
	renderer, err := d.Renderer(show.BadgeTemplate)
	if err != nil {
		return Proof{}, fmt.Errorf("draw preview: %w", err)
	}
	sides, r, err := renderer.Images(d.page(show, e), dpi)
	if err != nil {
		return Proof{}, fmt.Errorf("draw preview: %w", err)
	}
	return Proof{sides[0], r.Missing}, nil
}

// missing counts the characters that no font has in the log; the page has a
// stand-in for each.
func (d *Drawing) missing(e Entry, r badge.Report) {
	if len(r.Missing) > 0 {
		d.Log.Warn("badge has characters that no font has", "badge", e.Current().ID, "count", len(r.Missing))
	}
}

// page says what stands on the entry's newest badge. It has no portrait: no show
// keeps one, and without a consent to it none may be printed (P7).
func (d *Drawing) page(show record.Show, e Entry) badge.Page {
	r, b := e.Registration, e.Current()
	p := badge.Person{
		ID: string(b.ID), Name: r.Field("name"), NameLatin: r.Field("name_en"),
		Company: first(r.Field("company"), r.Field("company_en")), Title: first(r.Field("title"), r.Field("title_en")),
		Country: r.Field("country"), Category: string(b.Category), Flags: flags(r),
	}
	if p.Name == "" {
		p.Name, p.NameLatin = p.NameLatin, ""
	}
	for _, c := range show.Categories {
		if c.ID == b.Category {
			p.CategoryLabel, p.CategoryColour = both(c.Name, show.Languages, " "), c.Colour
		}
	}
	return badge.Page{
		Person: p, Token: b.Token, ShortCode: token.FormatShort(b.ShortCode),
		Show: badge.Show{Name: show.Name.In(language(show, 0)), Detail: detail(show), Accent: show.Accent, Logo: d.emblem(show.Logo)},
	}
}

// flags are what a template may ask of a registration: for each option picked its
// id, "speaker", and its question's before it, "role.speaker", for options such as
// "yes".
func flags(r record.Registration) (all []string) {
	for _, question := range slices.Sorted(maps.Keys(r.Answers)) {
		for _, pick := range r.Answers[question].Picks {
			all = append(all, pick, string(question)+"."+pick)
		}
	}
	return all
}

// emblem makes the show's logo ready once. A file that is no picture is said in
// the log once, and badges are printed without.
func (d *Drawing) emblem(file []byte) *badge.Picture {
	d.mu.Lock()
	defer d.mu.Unlock()
	if bytes.Equal(file, d.file) {
		return d.logo
	}
	d.file, d.logo = file, nil
	if len(file) == 0 {
		return nil
	}
	logo, err := badge.ParsePicture(file)
	if err != nil {
		d.Log.Warn("the show's logo cannot be printed", "err", err)
		return nil
	}
	d.logo = logo
	return logo
}

// detail is the show's name in its second language and its days.
func detail(show record.Show) string {
	last := show.FirstDay.AddDate(0, 0, show.Days-1)
	days := show.FirstDay.Format("2006-01-02")
	if show.Days > 1 {
		days += " – " + last.Format("01-02")
	}
	if second := show.Name.In(language(show, 1)); second != show.Name.In(language(show, 0)) {
		return second + " · " + days
	}
	return days
}

// both is a text in the show's first two languages, once if they agree.
func both(t record.Text, languages []string, between string) string {
	var parts []string
	for _, lang := range languages[:min(2, len(languages))] {
		if s := t.In(lang); len(parts) == 0 || parts[0] != s {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, between)
}

// language is the show's i-th language, or its last.
func language(show record.Show, i int) string {
	if len(show.Languages) == 0 {
		return "en"
	}
	return show.Languages[min(i, len(show.Languages)-1)]
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
