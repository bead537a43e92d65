// Package rehearsal owns a made-up show under load: kiosks with real data
// files that register people who do not exist, booths that scan their badges,
// gates that let them in, and screens that watch. All of them reach one real
// hall over real sockets, and afterwards every fact is accounted for: what was
// sent, what the hall said it has, and what its journals hold.
//
// It starts no hall and keeps none of its own; what it needs of one it asks
// for through Hall. Nothing in it stands in for a part of the product: a kiosk
// is package kiosk/store with package sync/link, paired with a code.
//
// # Two ways
//
// With a rate, facts come as people do, by chance (Poisson), at times that were
// drawn before: whoever has to wait because the one before was slow has waited
// since their own time, so that a slow hall cannot hide by slowing down what
// measures it. Without one, the kiosks come back from an outage together with
// full journals, again and again, and only the time from then until the hall
// has everything counts: what the hall can do, not what the kiosks' disks can.
//
// # The account
//
// A fact is sent once its node has handed it to the hall, acked once the node
// was told that the hall has it, stored if a journal of the hall holds exactly
// it. Lost is acked and not stored (P1); a duplicate is stored or listed once
// too often (P3). Facts that were sent and never acked are neither: their nodes
// still have them.
//
// # Failure
//
// Run fails where nothing can be measured: no hall, a refused pairing, a kiosk
// whose disk is full. Losses and duplicates are not its failure but its result.
package rehearsal
