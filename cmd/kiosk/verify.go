package main

import (
	"context"
	"time"

	"hallpass/kiosk/web"
)

// verifyEvery is how often a running kiosk reads its whole journal: 10,000
// entries take some 50 ms of one core.
const verifyEvery = 10 * time.Minute

// verify keeps the status's word on the journal true: "0 unsent, verified" is
// what somebody who unplugs the kiosk relies on (P11).
func (d *desk) verify(ctx context.Context) error {
	look := time.NewTicker(verifyEvery)
	defer look.Stop()
	for {
		report, err := d.store.VerifyJournal(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			d.log.Error("journal not verified", "err", err)
		default:
			d.proven.Store(&web.Journal{Verified: report.OK(), Damaged: report.Damaged})
			if !report.OK() {
				d.log.Error(`the journal is damaged; "kiosk check" says what can be saved, and how`, "entry", report.Damaged, "damage", report.Damage)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}
