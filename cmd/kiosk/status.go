package main

import (
	"context"
	"syscall"

	"hallpass/cmd/internal/metrics"
	"hallpass/kiosk/web"
)

// node is the part of the status that journal and link know.
func (d *desk) node(ctx context.Context) (web.Node, error) {
	at, err := d.store.Standing(ctx)
	if err != nil {
		return web.Node{}, err
	}
	n := web.Node{
		Node: string(at.Node), Epoch: string(at.Epoch), LastSeq: at.Last, AckedSeq: at.Acked,
		LastBadge: at.LastBadge, Hall: "none", AckedAt: at.AckedAt, Journal: d.proven.Load(),
	}
	if d.link != nil {
		link := d.link.Status()
		n.Hall, n.HallSince, n.Skew = "down", link.Since, link.Skew
		if link.Up {
			n.Hall = "up"
		}
	}
	return n, nil
}

// samples are the numbers for Prometheus; nobody's data is in them (P8).
func (d *desk) samples() []metrics.Sample {
	ctx := context.Background()
	counts := d.desk.Counts()
	out := []metrics.Sample{
		counter("hallpass_registrations_total", "Registrations kept since the start.", counts.Registered),
		counter("hallpass_badges_issued_total", "Badges confirmed by the printer since the start.", counts.Issued),
		counter("hallpass_badges_failed_total", "Badges that the printer did not print since the start.", counts.Failed),
		counter("hallpass_badges_lost_total", "Badges that the printer forgot on the way since the start.", counts.Lost),
		counter("hallpass_badges_moved_total", "Badges that went to another printer on their way since the start.", counts.Moved),
		counter("hallpass_badges_unknown_total", "Badges that a person has to say of whether they came out, since the start.", counts.Unknown),
		counter("hallpass_cards_read_total", "Cards read since the start.", counts.CardsRead),
		counter("hallpass_cards_refused_total", "Cards that could not be read since the start.", counts.CardsRefused),
		counter("hallpass_watchers_dropped_total", "Screens that were too slow for the news since the start.", counts.Dropped),
		gauge("hallpass_disk_free_bytes", "Room left for the data folder.", float64(freeMB(d.Data))*1e6),
	}
	if at, err := d.store.Standing(ctx); err == nil {
		out = append(out,
			gauge("hallpass_journal_last", "Number of the journal's last entry.", float64(at.Last)),
			gauge("hallpass_journal_acked", "Number up to which the hall has the journal.", float64(at.Acked)),
			gauge("hallpass_changes_aside", "Changes from the hall that this program could not use.", float64(at.Aside)))
	}
	if press, err := d.desk.Press(ctx); err == nil {
		ready := 0.0
		if press.State == "idle" || press.State == "processing" {
			ready = 1
		}
		out = append(out,
			gauge("hallpass_printer_ready", "1 if the printer can print.", ready),
			gauge("hallpass_print_queue", "Badges that still need the printer.", float64(press.Jobs)))
	}
	if d.link != nil {
		up := 0.0
		if d.link.Status().Up {
			up = 1
		}
		out = append(out, gauge("hallpass_hall_up", "1 while the link to the hall is up.", up),
			gauge("hallpass_hall_skew_seconds", "The hall's clock minus ours.", d.link.Status().Skew.Seconds()))
	}
	return append(out, d.readerSamples()...)
}

func counter(name, help string, value uint64) metrics.Sample {
	return metrics.Sample{Name: name, Help: help, Counter: true, Value: float64(value)}
}

func gauge(name, help string, value float64) metrics.Sample {
	return metrics.Sample{Name: name, Help: help, Value: value}
}

// freeMB is the room left for dir, 0 if the system does not say.
func freeMB(dir string) uint64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0
	}
	return st.Bavail * uint64(st.Bsize) / 1e6
}
