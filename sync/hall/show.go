package hall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

// settle takes the show from the store or the file, and returns it if the file
// says something new.
func (h *Hall) settle(ctx context.Context, file *record.Show) (*record.Show, error) {
	kept, err := h.store.Show(ctx)
	switch {
	case errors.Is(err, ErrNone) && file == nil:
		return nil, fault.New(fault.NotFound, "This data folder holds no show yet; name one with -show.")
	case errors.Is(err, ErrNone):
		h.show.Store(file)
		return file, nil
	case err != nil:
		return nil, err
	}
	h.clock.Observe(kept.Revised)
	h.show.Store(&kept)
	if file == nil {
		return nil, nil
	}
	if file.ID != kept.ID {
		return nil, fault.New(fault.Conflict, fmt.Sprintf("This data folder holds the show %q, not %q; use another -data.", kept.ID, file.ID))
	}
	same := *file
	same.Revised = kept.Revised
	if slices.Equal(showfile.Format(same), showfile.Format(kept)) {
		return nil, nil
	}
	return file, nil
}

// Revise changes how the show is set up; every kiosk that is connected hears of
// it at once. It answers fault.Conflict for another show and what Validate finds.
func (h *Hall) Revise(ctx context.Context, show record.Show) error {
	if show.ID != h.showID() {
		return fault.New(fault.Conflict, "This is another show.").WithField("id")
	}
	if err := show.Validate(); err != nil {
		return err
	}
	show.Revised = h.clock.Tick()
	_, err := h.ingest.keep(ctx, Batch{Own: []Own{{Fact: show, Stamp: show.Revised, Announce: true}}})
	return err
}

// Set is Revise that need not wait for Run: for the commands of a stopped hall.
func (h *Hall) Set(ctx context.Context, show record.Show) error {
	if show.ID != h.showID() {
		return fault.New(fault.Conflict, "This is another show.").WithField("id")
	}
	if err := show.Validate(); err != nil {
		return err
	}
	show.Revised = h.clock.Tick()
	return h.announce(ctx, []Own{{Fact: show, Stamp: show.Revised, Announce: true}})
}

// Show is the show as it is set up now.
func (h *Hall) Show() record.Show { return *h.show.Load() }

func (h *Hall) showID() record.ShowID { return h.show.Load().ID }

// zone is where the show is.
func (h *Hall) zone() *time.Location {
	zone, err := time.LoadLocation(h.Show().Timezone)
	if err != nil {
		return time.UTC // Validate has refused such a show
	}
	return zone
}
