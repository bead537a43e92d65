// Package runs keeps lines whose keys come in no order at the cost of lines that
// are appended. What one transaction adds is sorted and kept as one run; runs of
// about one size are merged to one; what is read is the union of all of them and
// of a tree, in which a large run ends some day, many lines a page of it. The
// package knows how a run is written, how runs become one and how several sources
// are read as one. Where runs are kept, and when they go to the tree, is the
// store's.
//
// # A run
//
// Integers are big-endian, 4 bytes where nothing else is said.
//
//	count           of the lines
//	marks           how many bytes of them there are
//	places          of each line, counted from the end of the places
//	lines           length of the key (2 bytes), key, 1 or 0 for a line that is
//	                gone, the value up to the next line
//	marks           a Bloom filter of the groups of keys, a byte for each line that
//	                was merged, or none; of a group, whose CRC-32C times
//	                0x9E3779B97F4A7C15 has the halves h and l, the bits h, h+(l|1)
//	                and h+2(l|1) are set, modulo their number
//	sum             CRC-32C of all before
//
// The lines are in the order of their keys, each key once. A line that is gone
// hides the line of that key in whatever is older.
//
// # Failure
//
// Parse answers ErrDamaged for what cannot be a run. It does not look at every
// line, which Sound does; a damaged line reads as one without key and value, it
// never panics.
package runs
