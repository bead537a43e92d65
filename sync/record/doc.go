// Package record owns the facts that kiosks and the hall agree on: who
// registered, which badge was issued, whom an exhibitor met, and how the show
// is set up. It owns their identity, their order and how two versions of one
// fact become one.
//
// Identity. Every fact travels in a Change, and a Change is identified by
// (node, epoch, sequence): the node that recorded it, the life of that node's
// disk, and a gap-free number from 1. Facts may arrive any number of times and
// count once (P3).
//
// Order. A Stamp is a hybrid logical clock reading (Kulkarni et al., "Logical
// Physical Clocks", 2014): wall time, a counter for what happens within one
// tick, and the node for the last tie. Stamps are totally ordered.
//
// Merge. Join and the Merge functions are commutative, associative and
// idempotent, so that every node ends in the same state in whatever order the
// facts arrive (P4): per field the later stamp wins, a void or an erasure wins
// always.
//
// The package knows no disk, no wire and no clock but the one it is given. It
// fails in one way only: Validate answers with a fault that names the field.
package record
