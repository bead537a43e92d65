package hall

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"

	"hallpass/sync/record"
	"hallpass/sync/record/roster"
)

// ImportOrder says how a list of pre-registrations is read.
type ImportOrder struct {
	roster.Options
	DryRun bool // say what would happen, and keep nothing
}

// ImportReport is what became of a list.
type ImportReport struct {
	Added     int              `json:"added"`
	Updated   int              `json:"updated"`   // awaited already, and something differed
	Unchanged int              `json:"unchanged"` // awaited already
	Arrived   int              `json:"arrived"`   // have come already; what they confirmed stands
	Erased    int              `json:"erased"`    // were erased, and stay so
	Failed    int              `json:"failed"`    // lines that cannot be used
	Problems  []roster.Problem `json:"problems"`  // of the first of them
	Ignored   []string         `json:"ignored"`   // columns that mean nothing to the show
	Codes     []ImportCode     `json:"codes"`     // by line, also of lines that were known
	DryRun    bool             `json:"dry_run"`
}

// ImportCode is what the visitor of a line brings to be found by.
type ImportCode struct {
	Line int    `json:"line"`
	Code string `json:"code"`
}

const (
	maxListed   = 1000 // problems in a report
	importBatch = 500  // pre-registrations in one transaction
)

// Preregister takes in people who are expected, from CSV as package roster reads it,
// and tells all kiosks. The same list again changes nothing; a line that differs
// changes what differs, until its visitor has come. A line that cannot be used
// is in the report and the others are taken. It answers fault.Invalid for what is
// no list. Who may ask is for the caller to know.
func (h *Hall) Preregister(ctx context.Context, list io.Reader, order ImportOrder) (ImportReport, error) {
	report := ImportReport{DryRun: order.DryRun, Problems: []roster.Problem{}, Ignored: []string{}, Codes: []ImportCode{}}
	rows, err := roster.New(list, h.Show(), order.Options)
	if err != nil {
		return report, err
	}
	report.Ignored = append(report.Ignored, rows.Ignored()...)
	var own []Own
	for {
		row, err := rows.Next()
		var problem *roster.Problem
		switch {
		case errors.Is(err, io.EOF):
			if err := h.takeIn(ctx, own, order); err != nil {
				return report, err
			}
			h.log.Info("list imported", "added", report.Added, "updated", report.Updated, "failed", report.Failed, "dry", order.DryRun)
			return report, nil
		case errors.As(err, &problem):
			if report.Failed++; len(report.Problems) < maxListed {
				report.Problems = append(report.Problems, *problem)
			}
			continue
		case err != nil:
			return report, fmt.Errorf("read list: %w", err)
		}
		fact, changed, err := h.expected(ctx, row, &report)
		if err != nil {
			return report, fmt.Errorf("import line %d: %w", row.Line, err)
		}
		if !changed {
			continue
		}
		if own = append(own, Own{Fact: fact, Stamp: h.clock.Tick(), Announce: true}); len(own) == importBatch {
			if err := h.takeIn(ctx, own, order); err != nil {
				return report, err
			}
			own = nil
		}
	}
}

func (h *Hall) takeIn(ctx context.Context, own []Own, order ImportOrder) error {
	if order.DryRun {
		return nil
	}
	if err := h.announce(ctx, own); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// expected makes of a line the version of its registration that is to be kept,
// and false if there is nothing to keep.
func (h *Hall) expected(ctx context.Context, row roster.Row, report *ImportReport) (record.Registration, bool, error) {
	at := h.clock.Tick()
	r := record.Registration{
		ID:   record.FixedID[record.RegistrationID]("hallpass import v1", string(h.showID()), row.Key),
		Show: h.showID(), Node: h.self.Hall, Created: at, Source: record.SourceImport, Awaited: true, Code: row.Code,
	}
	if r.Code == "" {
		r.Code = h.codeFor(r.ID)
	}
	old, err := h.store.Registration(ctx, r.ID)
	known := err == nil
	if err != nil && !errors.Is(err, ErrNone) {
		return r, false, err
	}
	switch {
	case known && !old.Erased.IsZero():
		report.Erased++
		return r, false, nil
	case known && !old.Awaited:
		report.Arrived++
		return r, false, nil
	}
	report.Codes = append(report.Codes, ImportCode{row.Line, r.Code})
	if known {
		r.Created, r.Node = old.Created, old.Node
	}
	changed := differ(&r, old, row, at)
	switch {
	case !known:
		report.Added++
	case changed:
		report.Updated++
	default:
		report.Unchanged++
	}
	return r, changed || !known, nil
}

// differ writes into r what a line says otherwise than old, and whether it does.
func differ(r *record.Registration, old record.Registration, row roster.Row, at record.Stamp) (changed bool) {
	if row.Category != "" && row.Category != old.Category.Value {
		r.Category, changed = record.Register[record.CategoryID]{Value: row.Category, At: at, Over: old.Category.At}, true
	}
	for name, text := range row.Fields {
		was, ok := old.Fields[name]
		if was.Value == text && (ok || text == "") {
			continue
		}
		if r.Fields == nil {
			r.Fields = map[record.FieldName]record.Register[string]{}
		}
		r.Fields[name], changed = record.Register[string]{Value: text, At: at, Over: was.At}, true
	}
	for id, answer := range row.Answers {
		was := old.Answers[id]
		if was.Text == answer.Text && slices.Equal(was.Picks, answer.Picks) {
			continue
		}
		if r.Answers == nil {
			r.Answers = map[record.QuestionID]record.Answer{}
		}
		answer.At, answer.Over = at, was.At
		r.Answers[id], changed = answer, true
	}
	return changed || r.Code != old.Code
}

// codeFor is the code of a pre-registration whose list has none: 10 characters
// that nobody guesses, the same each time.
func (h *Hall) codeFor(id record.RegistrationID) string {
	const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	mac := hmac.New(sha256.New, h.key.Seed())
	mac.Write([]byte("hallpass code v1\x00" + string(id)))
	code := make([]byte, 10)
	for i, b := range mac.Sum(nil)[:len(code)] {
		code[i] = crockford[b%32]
	}
	return string(code)
}
