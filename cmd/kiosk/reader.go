package main

import (
	"context"

	"hallpass/ocr"
)

// addReader starts the card reader. A kiosk without one works: the page offers
// the other ways to register, and the operator reads here what is missing.
func (d *desk) addReader(ctx context.Context) {
	if d.Readers == 0 {
		return
	}
	engine, err := newEngine(ctx, "auto", d.Readers)
	if err != nil {
		d.log.Error("cards cannot be read; visitors type instead", "err", err)
		return
	}
	d.parts.Push("reader", readerEnd, func(context.Context) error { return engine.Close() })
	if engine.Name() == (ocr.Unavailable{}).Name() {
		d.log.Warn("this program was built without a card reader; visitors type instead")
		return
	}
	d.desk.Reader = &ocr.Reader{Engine: engine}
	d.site.Reader = engine.Name()
}
