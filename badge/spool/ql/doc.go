// Package ql writes labels as raster for Brother's QL label printers with a
// head of 720 dots (QL-500 to QL-820NWB) and reads their status. It knows bytes
// and one UDP question: no job, no time.
//
// The sources are Brother's "Software Developer's Manual, Raster Command
// Reference QL-800/810W/820NWB", by section: §2.1 the order of commands, §2.3.2
// page sizes, §2.3.5 raster lines, §4 the commands and the 32-byte status block
// of "ESC i S", §5 the flows; and Brother's "FAQ: Command Reference" for status
// over a network.
//
// What a QL can tell of a label, and what it cannot:
//
//   - Over a network it takes labels on port 9100 and answers nothing there
//     (§5.9 has no status). The same status block is asked for over SNMP, at
//     1.3.6.1.4.1.2435.3.3.9.1.6.1.0. A print server in front of its USB port
//     passes the block on the printing connection instead, asked for or not.
//   - The block tells what is wrong, which roll lies in, and whether it prints
//     at the moment. It knows no jobs.
//   - prtMarkerLifeCount (RFC 3805) counts labels over its whole life, where
//     the printer has it.
//   - After an error everything it had read is gone (§5.2): a label that
//     stopped halfway does not come again by itself.
package ql
