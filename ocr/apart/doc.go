// Package apart reads cards in a process of its own, so that a native library
// that aborts, hangs, leaks or eats memory takes nothing with it but the
// picture it was given. Start runs the program once more as a child and keeps
// one running; Reader hands it pictures; Main is the child's side.
//
// # What is promised
//
// A read ends when its ctx ends, whatever the child does. A child that ends,
// falls silent, overruns a picture's time by a second, outgrows its memory or
// says what it should not is killed and replaced. The pictures that it had in
// hand are read again once, one at a time, unless their time is up; a picture
// under which two children ended is refused with ocr.ErrLost, then and when it
// comes again. After so many cards a successor is started, takes over, and the
// old child ends when its pictures are read, so that small leaks never add up;
// both are in memory for the second that takes. A child that cannot start is
// tried again at growing intervals, at most twice a minute, and cards are
// ocr.ErrUnavailable meanwhile.
//
// The child keeps nothing, reads no files but its models, and gives up what it
// needs no more: writing files, core dumps, new privileges and, where the
// kernel has Landlock, changing files and TCP. It ends with its
// parent, even one that is killed. What native libraries print is counted and
// never repeated, since it may hold what stands on a card.
//
// # Frames
//
// Requests go to the child's standard input, answers come from its descriptor
// 3; standard output and error are for the libraries' chatter. A frame is
//
//	"HPC1" | kind 1 byte | id 8 bytes | head length 4 | body length 4 | head | body
//
// with big-endian numbers. Heads are JSON of at most 4 MB. Kinds: 1 hello
// (child, once: {"engine","error"}), 2 read (head {"ms"}: time left; body: the
// picture, at most 20 MB), 3 cancel, 4 answer (head: the card or an error;
// body: the view's pixels, RGBA), 5 ping, 6 pong.
package apart
