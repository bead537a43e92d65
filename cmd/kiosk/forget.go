package main

import (
	"context"
	"time"
)

// forgetLook is how often a kiosk looks for whom it may forget.
const forgetLook = 10 * time.Minute

// forget takes personal data off this kiosk that the hall has had for as long as
// the settings say.
func (d *desk) forget(ctx context.Context) error {
	if d.Keep == 0 {
		return nil
	}
	look := time.NewTicker(forgetLook)
	defer look.Stop()
	for {
		gone, err := d.store.Forget(ctx, d.Keep)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil: // a full disk, for instance; tried again
			d.log.Error("personal data not taken off this kiosk", "err", err)
		case gone > 0:
			d.log.Info("personal data taken off this kiosk; the hall has them", "registrations", gone, "after", d.Keep)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}
