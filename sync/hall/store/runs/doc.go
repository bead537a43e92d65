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
//	places          of each line, counted from the end of the places
//	lines           length of the key (2 bytes), key, 1 or 0 for a line that is
//	                gone, the value up to the next line
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
