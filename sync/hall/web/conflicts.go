package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// conflictForm is one part of a registration of which people said different
// things without having seen each other's.
type conflictForm struct {
	ID           string      `json:"id"` // PART.REGISTRATION
	Registration visitorForm `json:"registration"`
	Part         record.Part `json:"part"`
	Label        record.Text `json:"label"` // the question's text; null for a field and the category
	Sides        []sideForm  `json:"sides"` // oldest first; the last stands
}

type sideForm struct {
	Version string        `json:"version"`
	Value   answerForm    `json:"value"`
	Texts   []record.Text `json:"texts"` // of the category or the options; empty for a text
	At      time.Time     `json:"at"`
	Node    record.NodeID `json:"node"`
	Kiosk   string        `json:"kiosk"` // its name; empty for the hall
	By      string        `json:"by"`    // who decided so at the hall
	Stands  bool          `json:"stands"`
}

func (a *API) conflicts(w http.ResponseWriter, r *http.Request) error {
	return listed(a, w, r, "conflicts", a.hall.Conflicts, a.conflictFrom)
}

// listed answers with a page of what is waiting for a person's decision or was
// decided, newest first, under a name of the answer.
func listed[T, F any](a *API, w http.ResponseWriter, r *http.Request, name string,
	find func(ctx context.Context, p hall.Principal, before string, limit int) ([]T, string, error), form func(T) F) error {
	p, err := a.may(r, hall.ActDecide)
	if err != nil {
		return err
	}
	before, limit, err := latest(r)
	if err != nil {
		return err
	}
	list, next, err := find(r.Context(), p, before, limit)
	if err != nil {
		return err
	}
	forms := make([]F, len(list))
	for i, one := range list {
		forms[i] = form(one)
	}
	reply(w, http.StatusOK, map[string]any{name: forms, "next": next})
	return nil
}

// latest reads ?after=CURSOR&limit=N of a list whose cursor is a text.
func latest(r *http.Request) (before string, limit int, err error) {
	query := r.URL.Query()
	before = query.Get("after")
	query.Del("after")
	r.URL.RawQuery = query.Encode()
	_, limit, err = page(r)
	return before, limit, err
}

func (a *API) conflictFrom(c hall.Conflict) conflictForm {
	form := conflictForm{
		ID: string(c.Part) + "." + string(c.Registration.ID), Part: c.Part,
		Registration: visitorFrom(hall.Visitor{Registration: c.Registration, Person: c.Registration.ID}),
	}
	show := a.hall.Show()
	for i, s := range c.Sides {
		label, texts := wordsOf(show, c.Part, s.Version)
		form.Label = label
		form.Sides = append(form.Sides, sideForm{
			Version: versionOf(s.At), Value: answerForm{Picks: s.Picks, Text: s.Text}, Texts: texts, At: s.At.Time(),
			Node: s.At.Node, Kiosk: a.hall.NodeName(s.At.Node), By: s.By, Stands: i == len(c.Sides)-1,
		})
	}
	return form
}

// wordsOf says a part and one version of it in the show's own words.
func wordsOf(show record.Show, part record.Part, v record.Version) (label record.Text, texts []record.Text) {
	texts = []record.Text{}
	if part == record.PartCategory {
		for _, c := range show.Categories {
			if string(c.ID) == v.Text {
				texts = append(texts, c.Name)
			}
		}
	}
	id, _ := part.Answer()
	for _, q := range show.Questions {
		if q.ID != id {
			continue
		}
		label = q.Text
		for _, o := range q.Options {
			if slices.Contains(v.Picks, o.ID) {
				texts = append(texts, o.Text)
			}
		}
	}
	return label, texts
}

// versionOf writes a stamp as one word, and stampOf reads it.
func versionOf(s record.Stamp) string {
	return fmt.Sprintf("%d-%d-%s", s.Wall, s.Counter, s.Node)
}

func stampOf(field, text string) (record.Stamp, error) {
	parts := strings.SplitN(text, "-", 3)
	if len(parts) == 3 {
		wall, err := strconv.ParseInt(parts[0], 10, 64)
		counter, err2 := strconv.ParseUint(parts[1], 10, 32)
		if err == nil && err2 == nil {
			return record.Stamp{Wall: wall, Counter: uint32(counter), Node: record.NodeID(parts[2])}, nil
		}
	}
	return record.Stamp{}, fault.New(fault.Invalid, "A version is what the list of conflicts names so.").WithField(field)
}

type choiceForm struct {
	Choice string   `json:"choice"` // a version
	Seen   []string `json:"seen"`   // all versions that the person was shown
}

func (a *API) choose(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActDecide)
	if err != nil {
		return err
	}
	form, err := read[choiceForm](r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	at := max(strings.LastIndexByte(id, '.'), 0)
	choice := hall.Choice{Part: record.Part(id[:at]), Registration: record.RegistrationID(strings.TrimPrefix(id[at:], "."))}
	if choice.Side, err = stampOf("choice", form.Choice); err != nil {
		return err
	}
	for _, text := range form.Seen {
		seen, err := stampOf("seen", text)
		if err != nil {
			return err
		}
		choice.Seen = append(choice.Seen, seen)
	}
	v, err := a.hall.Choose(r.Context(), p, choice)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, visitorFrom(v))
	return nil
}

// decisionForm is what a person at the hall has decided.
type decisionForm struct {
	At           time.Time             `json:"at"`
	By           string                `json:"by"`
	Act          record.Act            `json:"act"`
	Registration record.RegistrationID `json:"registration,omitempty"`
	Parts        []record.Part         `json:"parts"`
	Node         record.NodeID         `json:"node,omitempty"` // whose change in quarantine
	Kiosk        string                `json:"kiosk,omitempty"`
	Seq          uint64                `json:"seq,omitempty"`
	Reason       string                `json:"reason,omitempty"`
}

func (a *API) decisions(w http.ResponseWriter, r *http.Request) error {
	return listed(a, w, r, "decisions", a.hall.Decisions, a.decisionFrom)
}

func (a *API) decisionFrom(d record.Decision) decisionForm {
	form := decisionForm{
		At: d.At.Time(), By: d.By, Act: d.Act, Registration: d.Registration, Parts: slices.Sorted(maps.Keys(d.Seen)),
		Node: d.Refused.Node, Kiosk: a.hall.NodeName(d.Refused.Node), Seq: d.Refused.Seq, Reason: d.Reason,
	}
	if form.Parts == nil {
		form.Parts = []record.Part{}
	}
	return form
}
