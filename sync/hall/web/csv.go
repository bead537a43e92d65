package web

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// leadsCSV sends all own leads for a spreadsheet: UTF-8 with a byte order mark
// and CRLF, without which Excel reads Chinese as noise (RFC 4180).
func (a *API) leadsCSV(w http.ResponseWriter, r *http.Request) error {
	p, err := a.may(r, hall.ActTakeLeads)
	if err != nil {
		return err
	}
	cards, next, err := a.hall.Leads(r.Context(), p, 0, maxLimit)
	if err != nil {
		return err
	}
	sheet := newSheet(w, a.hall.Show())
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="leads.csv"`)
	if err := sheet.head(); err != nil {
		return nil // the reader has gone
	}
	control := http.NewResponseController(w)
	for len(cards) > 0 {
		for _, card := range cards {
			sheet.row(card)
		}
		sheet.out.Flush()
		if sheet.out.Error() != nil {
			return nil
		}
		_ = control.SetWriteDeadline(time.Now().Add(answerTime)) // another page, another half minute
		if cards, next, err = a.hall.Leads(r.Context(), p, next, maxLimit); err != nil {
			// Half a file must not pass for a whole one: cut the connection.
			a.log.Error("lead export broke off", "err", err)
			panic(http.ErrAbortHandler)
		}
	}
	return nil
}

// sheet writes leads as rows.
type sheet struct {
	out    *csv.Writer
	raw    io.Writer
	fields []record.FieldName // that exhibitors may ever see
	zone   *time.Location
	lang   string
}

func newSheet(w io.Writer, show record.Show) *sheet {
	s := &sheet{out: csv.NewWriter(w), raw: w, zone: time.UTC}
	s.out.UseCRLF = true
	if zone, err := time.LoadLocation(show.Timezone); err == nil {
		s.zone = zone
	}
	if len(show.Languages) > 0 {
		s.lang = show.Languages[0]
	}
	for _, rule := range show.Fields {
		disclosed := func(c record.ConsentText) bool { return slices.Contains(c.Discloses, rule.Name) }
		if slices.ContainsFunc(show.Consents, disclosed) {
			s.fields = append(s.fields, rule.Name)
		}
	}
	return s
}

func (s *sheet) head() error {
	if _, err := io.WriteString(s.raw, "\ufeff"); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	row := []string{"at"}
	for _, name := range s.fields {
		row = append(row, string(name))
	}
	_ = s.out.Write(append(row, "category", "rating", "notes", "short_code", "state")) // Flush tells
	s.out.Flush()
	return s.out.Error()
}

func (s *sheet) row(c hall.Card) {
	row := []string{c.Lead.At.In(s.zone).Format("2006-01-02 15:04:05")}
	for _, name := range s.fields {
		row = append(row, safe(c.Fields[name]))
	}
	state := "valid"
	switch {
	case c.Voided:
		state = "voided"
	case c.Pending:
		state = "pending"
	}
	_ = s.out.Write(append(row, safe(c.Name.In(s.lang)), strconv.Itoa(int(c.Lead.Rating.Value)), safe(c.Lead.Notes.Value), c.FormattedCode(), state))
}

// safe keeps a spreadsheet from running a cell as a formula (OWASP, "CSV
// Injection") and from writing a telephone number as 1.38E+10 or without its
// leading zero: such a cell starts with an apostrophe, "this is text".
func safe(text string) string {
	if strings.HasPrefix(text, "'") || strings.TrimLeft(text, "=+-@\t\r\n＝＋－＠") != text || longDigits(text) {
		return "'" + text
	}
	return text
}

// longDigits reports a number that a spreadsheet would change: more than 11
// digits, or a leading zero.
func longDigits(text string) bool {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return false
	}
	return len(text) > 11 || len(text) > 1 && text[0] == '0'
}
