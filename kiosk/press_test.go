package kiosk_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"slices"
	"sync"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/kiosk"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// The labels that a printer has left are told as it says them, and until when
// they last at the pace of the last half hour.
func TestPress_LabelsLeftAndUntilWhen(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	f := open(t, t.TempDir(), newPrinter())
	f.Desk.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	f.Printer.status.Name, f.Printer.status.Supplies = "Zebra", spool.Supplies{LabelsLeft: 30, Media: "62x100"}
	if err := f.Open(); err != nil {
		t.Fatal(err)
	}
	f.run(t)
	for range 3 {
		f.await(t, f.register(t).Registration.ID, record.BadgeIssued)
		mu.Lock()
		now = now.Add(time.Minute)
		mu.Unlock()
	}
	poll(t, func() bool {
		press, err := f.Press(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m := press.Pool[0]
		return m.LabelsLeft == 30 && m.Media == "62x100" && m.Empty.Equal(time.Date(2027, 4, 21, 9, 33, 0, 0, time.UTC))
	}, func() string {
		press, _ := f.Press(t.Context())
		return "pool is not so: " + press.Pool[0].Empty.String()
	})
	silent := open(t, t.TempDir(), newPrinter())
	if press, err := silent.Press(t.Context()); err != nil || press.Pool[0].LabelsLeft != -1 || !press.Pool[0].Empty.IsZero() {
		t.Errorf("a printer that says nothing = %+v, %v", press.Pool, err)
	}
}

// counting draws as plain does, and counts.
type counting struct {
	plain
	mu            sync.Mutex
	pages, labels []string
}

func (c *counting) PDF(show record.Show, e kiosk.Entry) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages = append(c.pages, e.Current().Job())
	return c.plain.PDF(show, e)
}

func (c *counting) Label(record.Show, kiosk.Entry, int) ([]*image.Paletted, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.labels = append(c.labels, "label")
	return []*image.Paletted{image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.Black})}, nil
}

func (c *counting) drawn() (pages, labels int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pages), len(c.labels)
}

// wants is a label printer: it asks for its own number of dots.
type wants struct{ *printer }

func (p wants) Submit(ctx context.Context, job spool.Job) error {
	if _, err := job.Label(300); err != nil {
		return err
	}
	return p.printer.Submit(ctx, job)
}

// The next badge is drawn while the one before prints, as a page and as a label
// of the printer's own dots, and once; a correction meanwhile is drawn anew.
func TestPress_DrawsAhead(t *testing.T) {
	p, layout := newPrinter(), &counting{}
	p.held = true
	f := openDesk(t, t.TempDir(), wants{p}, layout)
	t.Cleanup(func() { f.close(t) })
	first := f.register(t)
	second := f.register(t)
	f.run(t)
	p.await(t, first.Current().Job(), spool.Processing)
	poll(t, func() bool { pages, labels := layout.drawn(); return pages == 2 && labels == 2 }, func() string { return "the second is not drawn" })
	form := goodForm()
	form.Fields["name"] = "林晓明"
	e, err := f.Correct(t.Context(), second.Registration.ID, form, kiosk.Visitor)
	if err != nil || len(e.Badges) != 1 || e.Registration.Field("name") != "林晓明" {
		t.Fatalf("corrected %+v, %v, want the first issue still", e.Badges, err)
	}
	poll(t, func() bool { pages, _ := layout.drawn(); return pages == 3 }, func() string { return "the correction is not drawn" })
	p.set(func() { p.held = false })
	f.await(t, second.Registration.ID, record.BadgeIssued)
	if pages, labels := layout.drawn(); pages != 3 || labels != 3 {
		t.Errorf("drawn %d pages and %d labels, want 3 each", pages, labels)
	}
}

// A job that the printer has made and has no page of, because the desk was
// ended in between, gets its page under the same name.
func TestPress_FillsAJobWithoutAPage(t *testing.T) {
	f := open(t, t.TempDir(), newPrinter())
	sends := 0
	f.Printer.next = func(job spool.Job) error {
		sends++
		return nil
	}
	f.Desk.Printers = pool(halves{f.Printer, new(bool)})
	if err := f.Open(); err != nil {
		t.Fatal(err)
	}
	f.run(t)
	done := f.await(t, f.register(t).Registration.ID, record.BadgeIssued)
	if len(done.Badges) != 1 || f.Printer.prints(done.Current().Job()) != 1 {
		t.Errorf("%d issues, want the first, printed once", len(done.Badges))
	}
}

// halves takes a job and loses its page, once.
type halves struct {
	*printer
	lost *bool
}

func (p halves) Submit(ctx context.Context, job spool.Job) error {
	if !*p.lost {
		*p.lost = true
		return spool.ErrUnreachable
	}
	return p.printer.Submit(ctx, job)
}

func (p halves) Job(ctx context.Context, name string) (spool.JobStatus, error) {
	if p.printer.job(name) == "" {
		return spool.JobStatus{State: spool.Pending, Reasons: []string{"job-incoming"}}, nil
	}
	return p.printer.Job(ctx, name)
}

// P7: a screen may act on what it registered for a quarter of an hour.
func TestSession_Ends(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	e, _, err := f.Register(t.Context(), "key", goodForm())
	if err != nil {
		t.Fatal(err)
	}
	id := e.Registration.ID
	for name, c := range map[string]struct {
		id   record.RegistrationID
		key  string
		late time.Duration
		want fault.Code
	}{
		"Own": {id, "key", 0, ""}, "Late": {id, "key", 16 * time.Minute, fault.AuthDenied},
		"NoKey": {id, "", 0, fault.AuthDenied}, "OtherKey": {id, "other", 0, fault.AuthDenied}, "OtherPerson": {"01J0", "key", 0, fault.AuthDenied},
	} {
		f.Desk.Now = func() time.Time { return time.Now().Add(c.late) }
		if got := f.Session(t.Context(), c.id, c.key); (c.want == "") != (got == nil) || got != nil && fault.CodeOf(got) != c.want {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
}

// A preview is drawn as the badge is, but its code lets nobody in.
func TestPreview_HasNoToken(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	f.Desk.Layout = realLayout(t, "a6")
	form := goodForm()
	form.Consents, form.Answers = nil, nil // not asked yet
	one, err := f.Preview(form, 100)
	if err != nil {
		t.Fatal(err)
	}
	two, err := f.Preview(form, 100)
	if err != nil {
		t.Fatal(err)
	}
	if size := one.Front.Bounds().Size(); size != image.Pt(413, 583) { // A6
		t.Errorf("size %v", size)
	}
	if !bytes.Equal(one.Front.(*image.RGBA).Pix, two.Front.(*image.RGBA).Pix) {
		t.Error("two previews of one form differ: they hold more than the form")
	}
	if len(one.Missing) != 0 {
		t.Errorf("missing %q of an ordinary name", one.Missing)
	}
	form.Fields["name"] = "李\U00016FE4" // a Khitan sign, which no font of ours has
	if p, err := f.Preview(form, 100); err != nil || !slices.Equal(p.Missing, []string{"\U00016FE4"}) {
		t.Errorf("missing %q, %v, want the sign that no font has", p.Missing, err)
	}
	form.Fields = map[record.FieldName]string{"name": "x"}
	if _, err := f.Preview(form, 100); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("without a company = %v, want invalid", err)
	}
}
