package main

import (
	"context"
	"errors"
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
	told := 0
	for {
		report, err := d.store.VerifyJournal(ctx)
		mended, noted := d.store.Mended(ctx)
		lost := uint64(0)
		for i, m := range mended {
			if lost += m.Lost; i >= told {
				d.log.Warn("the journal was damaged and begun anew; visitors are served", "mended", m.String())
			}
		}
		told = len(mended)
		switch err = errors.Join(err, noted); {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			d.log.Error("journal not verified", "err", err)
		default:
			d.proven.Store(&web.Journal{Verified: report.OK(), Damaged: report.Damaged, Lost: lost})
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
