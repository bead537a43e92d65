package main

import (
	"context"
	"time"
)

// keyLook is how often a kiosk asks itself whether its key for badges is due;
// what the hall wants is done at once, with the hall's word for it.
const keyLook = time.Hour

// rotate replaces the key that signs badges before its time is over.
func (d *desk) rotate(ctx context.Context) error {
	look := time.NewTicker(keyLook)
	defer look.Stop()
	for {
		made, err := d.store.RotateIfDue(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil: // a full disk, for instance; the key that signs goes on doing so
			d.log.Error("key for badges not replaced", "err", err)
		case made:
			d.log.Info("new key for badges made; it signs once the hall has certified it")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

// revoked keeps the hall's word that this kiosk is out of service; the program
// then ends, and wipes its data folder when everything is closed.
func (d *desk) revoked(proof string) bool {
	believed, err := d.store.Condemn(context.Background(), proof)
	switch {
	case err != nil:
		d.log.Error("the hall's revocation cannot be kept; trying again", "err", err)
	case !believed:
		d.log.Warn("somebody says that this kiosk is out of service, without the hall's proof; going on")
	}
	return believed
}
