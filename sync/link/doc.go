// Package link owns the kiosk's end of the protocol of package sync: it keeps a
// connection to the hall, sends the kiosk's journal and takes the hall's. It
// stores nothing and never touches a screen or a printer; what it moves belongs
// to its Outbox and Inbox. A kiosk works the same with no link (P2).
//
// Run connects, proves who the kiosk is and resumes where the hall says it has
// read, so that whatever was lost on the way is sent again and nothing is
// skipped (P3). Up to two batches are under way; the Outbox's mark moves when
// the hall has committed. What the hall sends is applied first and then
// acknowledged.
//
// A hall that knows another history of the journal's epoch has NewLife called
// before the next attempt: the disk was copied or put back, and what this kiosk
// did is told anew, so that nothing is lost of either.
//
// It fails by trying again: any error ends the connection, never Run, and the
// next attempt waits a random time up to 250 ms, doubling to ten seconds (full
// jitter), so that two hundred kiosks do not come back in one instant. An
// outage is one line in the log. Only what no retry can mend ends Run: an
// address or a key that cannot be used, or the hall's proof that the kiosk is out
// of service.
//
// Pair makes the first contact. Kiosk and hall prove to each other that they
// know the one-time code and see the same certificate; from then on only that
// certificate is accepted (PinnedTLS).
package link
