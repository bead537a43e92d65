// Package zpl writes labels in ZPL II, the language of Zebra's label printers,
// and reads what such a printer says of itself. It knows bytes only: no
// connection, no job, no time.
//
// The source is Zebra's "Programming Guide for ZPL II, ZBI 2, Set-Get-Do,
// Mirror, WML" (P1099958), by command: ^GF (graphic field), ^DF and ^HF (stored
// formats), ^ID, ^PQ, ^PW, ^LL, ~HI, ~HQ, ~HS, ~JA, ~JX, the chapter "ZB64
// Encoding and Compression", and the SGD chapter for odometer.total_label_count
// and device.unique_id. Nothing is ever stored in the printer's settings: no
// ^JUS.
//
// What a printer can tell of a label, and what it cannot:
//
//   - ~HS counts the formats that wait in the receive buffer and the labels
//     that remain of the one being printed. It knows no names, forgets a label
//     the moment it is out, and says nothing of how it ended. By the guide it
//     may stay silent while paper or ribbon is out, the head is open or hot.
//   - ~HQES tells faults and warnings that ~HS does not (cutter, motor, paper
//     low), and answers where ~HS is silent.
//   - odometer.total_label_count counts labels over the printer's whole life;
//     ~HQOD counts the length of them. A label that stopped halfway is not
//     counted before it was printed anew (^JZ, on by default).
//   - Formats are taken in the order in which they arrive. So a note stored by
//     ^DF behind a label proves that the label was taken whole; it lies in RAM
//     and is gone after a power cut.
//
// Reading never fails: what is not understood is left out of the Report.
package zpl
