package kiosk

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"

	"hallpass/badge"
	"hallpass/badge/spool"
	"hallpass/badge/token"
	"hallpass/sync/record"
)

var _ Layout = Drawing{}

// Drawing is the Layout that draws with package badge.
type Drawing struct {
	// Renderer returns the renderer of a template by its name in the show.
	Renderer func(template string) (*badge.Renderer, error)
	Log      *slog.Logger
}

// job draws an entry's newest badge, b, for any kind of printer.
func (d *Desk) job(e Entry, b Badge) (spool.Job, error) {
	show := d.Store.Show()
	pdf, err := d.Layout.PDF(show, e)
	if err != nil {
		return spool.Job{}, err
	}
	return spool.Job{Name: b.Job(), PDF: pdf}, nil
}

// PDF draws the newest badge. Characters that no font has are counted in the
// log; the page has a stand-in for each.
func (d Drawing) PDF(show record.Show, e Entry) ([]byte, error) {
	renderer, err := d.Renderer(show.BadgeTemplate)
	if err != nil {
		return nil, fmt.Errorf("draw badge: %w", err)
	}
	var out bytes.Buffer
	reports, err := renderer.PDF(&out, []badge.Page{page(show, e)})
	if err != nil {
		return nil, fmt.Errorf("draw badge: %w", err)
	}
	for _, r := range reports {
		if len(r.Missing) > 0 {
			d.Log.Warn("badge has characters that no font has", "badge", e.Current().ID, "count", len(r.Missing))
		}
	}
	return out.Bytes(), nil
}

// page says what stands on the entry's newest badge.
func page(show record.Show, e Entry) badge.Page {
	r, b := e.Registration, e.Current()
	p := badge.Person{
		ID: string(b.ID), Name: r.Field("name"), NameLatin: r.Field("name_en"),
		Company: first(r.Field("company"), r.Field("company_en")), Title: first(r.Field("title"), r.Field("title_en")),
		Country: r.Field("country"), Category: string(b.Category),
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
		Show: badge.Show{Name: show.Name.In(language(show, 0)), Detail: detail(show), Accent: show.Accent},
	}
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
