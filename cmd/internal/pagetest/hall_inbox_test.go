package pagetest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"hallpass/sync/fault"
)

// inbox is what the fake hall has to be decided.
type inbox struct {
	conflicts, waiting, discarded, decisions []map[string]any
	moved                                    bool // every choice comes too late
	takes                                    bool // what is tried again is taken in
}

func (h *fakeHall) inboxRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /api/v1/conflicts": h.page("conflicts", func(*http.Request) []map[string]any { return h.inbox.conflicts }),
		"GET /api/v1/decisions": h.page("decisions", func(*http.Request) []map[string]any { return h.inbox.decisions }),
		"GET /api/v1/quarantine": h.page("quarantine", func(r *http.Request) []map[string]any {
			if r.FormValue("state") == "discarded" {
				return h.inbox.discarded
			}
			return h.inbox.waiting
		}),
		"POST /api/v1/conflicts/{id}":          h.postChoice,
		"POST /api/v1/quarantine/{id}/retry":   h.postRetry,
		"POST /api/v1/quarantine/{id}/discard": h.postDiscard,
		"POST /api/v1/quarantine/retry": func(w http.ResponseWriter, _ *http.Request) {
			h.mu.Lock()
			defer h.mu.Unlock()
			reply(w, http.StatusOK, map[string]any{"taken": 0, "left": len(h.inbox.waiting)})
		},
	}
}

// page answers with a part of a list, as the hall pages it.
func (h *fakeHall) page(name string, list func(*http.Request) []map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !h.organizer(w) {
			return
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		all := list(r)
		after, _ := strconv.Atoi(r.FormValue("after"))
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		end := min(after+limit, len(all))
		reply(w, http.StatusOK, map[string]any{name: append([]map[string]any{}, all[after:end]...), "next": strconv.Itoa(end)})
	}
}

func (h *fakeHall) postChoice(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Choice string
		Seen   []string
	}
	err := json.NewDecoder(r.Body).Decode(&body)
	h.mu.Lock()
	defer h.mu.Unlock()
	at := slices.IndexFunc(h.inbox.conflicts, func(c map[string]any) bool { return c["id"] == r.PathValue("id") })
	switch {
	case err != nil || len(body.Seen) != 2 || !slices.Contains(body.Seen, body.Choice):
		refuse(w, fault.Invalid)
	case at < 0 || h.inbox.moved:
		refuse(w, fault.Conflict)
	default:
		h.inbox.conflicts = slices.Delete(h.inbox.conflicts, at, at+1)
		h.inbox.decisions = append(h.inbox.decisions, map[string]any{"at": time.Now().UTC(), "by": "morgan", "act": "choose", "registration": "r", "parts": []string{body.Choice}})
		reply(w, http.StatusOK, map[string]any{"id": "r"})
	}
}

func (h *fakeHall) postRetry(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.inbox.takes {
		refuse(w, fault.UnknownFact)
		return
	}
	h.inbox.waiting = slices.DeleteFunc(h.inbox.waiting, func(q map[string]any) bool { return q["id"] == r.PathValue("id") })
	reply(w, http.StatusOK, map[string]any{"taken": 1, "left": 0})
}

func (h *fakeHall) postDiscard(w http.ResponseWriter, r *http.Request) {
	var body struct{ Reason string }
	err := json.NewDecoder(r.Body).Decode(&body)
	h.mu.Lock()
	defer h.mu.Unlock()
	at := slices.IndexFunc(h.inbox.waiting, func(q map[string]any) bool { return q["id"] == r.PathValue("id") })
	if err != nil || body.Reason == "" || at < 0 {
		refuse(w, fault.Invalid)
		return
	}
	gone := h.inbox.waiting[at]
	gone["discarded"] = map[string]any{"by": "morgan", "at": time.Now().UTC(), "reason": body.Reason}
	h.inbox.waiting = slices.Delete(h.inbox.waiting, at, at+1)
	h.inbox.discarded = append(h.inbox.discarded, gone)
	reply(w, http.StatusOK, map[string]any{})
}

// quarrel is one entry with two sides; the second stands. The first may be a
// person's at the hall.
func quarrel(id, part, name, company, first, second, by string) map[string]any {
	at := time.Date(2027, 4, 21, 1, 12, 0, 0, time.UTC)
	side := func(version, value, kiosk, by string, after time.Duration, stands bool) map[string]any {
		return map[string]any{"version": version, "value": value, "texts": []any{}, "at": at.Add(after), "node": "n", "kiosk": kiosk, "by": by, "stands": stands}
	}
	kiosk := "North 2"
	if by != "" {
		kiosk = ""
	}
	return map[string]any{
		"id": id, "part": part, "label": nil,
		"registration": map[string]any{"id": "r" + id, "created": at, "fields": map[string]any{"name": name, "company": company}},
		"sides":        []any{side("1-0-a", first, kiosk, by, 4*time.Minute, false), side("2-0-b", second, "East 1", "", 37*time.Minute, true)},
	}
}

func put(n int, kind, code, kiosk, reason string) map[string]any {
	return map[string]any{
		"id": strconv.Itoa(n), "node": "n", "kiosk": kiosk, "epoch": "e", "seq": 4100 + n, "kind": kind, "code": code, "reason": reason,
		"at": time.Date(2027, 4, 21, 2, n%60, 0, 0, time.UTC), "bytes": 240, "discarded": nil,
	}
}

// undecided fills the inbox.
func (h *fakeHall) undecided() {
	field := quarrel("4", "answer.field", "Noor Haddad", "Fjordlicht", "", "", "")
	field["label"] = map[string]any{"en": "Which field do you work in?", "zh-CN": "您从事哪个领域？"}
	for i, words := range []map[string]any{{"en": "Industry", "zh-CN": "工业"}, {"en": "Research", "zh-CN": "科研"}} {
		field["sides"].([]any)[i].(map[string]any)["texts"] = []any{words}
	}
	stats := busy()
	stats["conflicts"], stats["discarded"], stats["quarantine"] = 4, 1, 3
	h.push(stats)
	gone := put(9, "registration", "fact.refused", "Press desk", "The record belongs to the show \"rehearsal\". (show)")
	gone["discarded"] = map[string]any{"by": "dana", "at": time.Date(2027, 4, 21, 3, 5, 0, 0, time.UTC), "reason": "of Tuesday's rehearsal"}
	at := time.Date(2027, 4, 21, 3, 5, 0, 0, time.UTC)
	h.with(func() {
		h.inbox = inbox{
			conflicts: []map[string]any{
				quarrel("1", "field.company", "顾远舟", "云岫精密机械", "云岫精密机械有限公司", "云岫精密机械", ""),
				quarrel("2", "field.mobile", "Ida Lindqvist", "Silberquell Optik", "+44 7700 900011", "+44 7700 900017", "dana"),
				quarrel("3", "field.title", "Tomas Reyes", "Quillon", "Head of purchasing", "", ""), field,
			},
			waiting: []map[string]any{
				put(1, "registration", "wire.sequence", "East 2", "The kiosk has told two histories."),
				put(2, "parcel", "fact.unknown", "North 4", "This hall does not know the kind of record. (kind)"),
				put(3, "badge", "fact.refused", "East 2", "The badge has no issue number. (issue)"),
			},
			discarded: []map[string]any{gone},
			decisions: []map[string]any{
				{"at": at, "by": "dana", "act": "discard", "parts": []any{}, "kiosk": "Press desk", "seq": 4109, "reason": "of Tuesday's rehearsal"},
				{"at": at.Add(-time.Hour), "by": "morgan", "act": "choose", "registration": "r", "parts": []any{"field.company"}},
				{"at": at.Add(-2 * time.Hour), "by": "dana", "act": "correct", "registration": "r", "parts": []any{"category", "field.name", "answer.field"}},
				{"at": at.Add(-3 * time.Hour), "by": "dana", "act": "retry", "parts": []any{}, "kiosk": "East 2", "seq": 4090},
				{"at": at.Add(-4 * time.Hour), "by": "dana", "act": "void", "registration": "r", "parts": []any{}, "reason": "lost"},
				{"at": at.Add(-5 * time.Hour), "by": "morgan", "act": "erase", "registration": "r", "parts": []any{}},
			},
		}
	})
}

// thousands fills the quarantine as a broken program would.
func (h *fakeHall) thousands(n int) {
	h.with(func() {
		h.inbox.waiting = nil
		for i := range n {
			h.inbox.waiting = append(h.inbox.waiting, put(i+1, "parcel", "fact.unknown", fmt.Sprint("North ", i%7), "This hall does not know the kind of record. (kind)"))
		}
	})
}
