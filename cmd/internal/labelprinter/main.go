// Command labelprinter runs a simulated label printer by hand: ZPL, or Brother
// QL raster with -ql. It prints its address as kiosks want it, keeps what comes
// out as PNG, and takes orders on its standard input, one a line: words of
// faults such as "cover-open" or "media-empty" raise them and no other, an empty
// line mends all, "tear" makes the next label stop halfway, "off" and "on" are
// its switch.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"hallpass/badge/spool/labelsim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "labelprinter:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	c := labelsim.Config{}
	flags := flag.NewFlagSet("labelprinter", flag.ContinueOnError)
	flags.BoolVar(&c.QL, "ql", false, "a Brother QL, else a ZPL printer")
	flags.StringVar(&c.Listen, "listen", "127.0.0.1:9100", "`address` to print on")
	flags.StringVar(&c.Dir, "dir", "labels", "`folder` for what comes out")
	flags.IntVar(&c.DPI, "dpi", 300, "dots an inch of a ZPL printer, 203 or 300")
	flags.IntVar(&c.Width, "width", 62, "of the roll, mm")
	flags.IntVar(&c.Length, "length", 100, "of a label, mm")
	flags.BoolVar(&c.Endless, "endless", false, "the roll has no labels, it is cut")
	flags.IntVar(&c.Roll, "roll", 0, "labels on a roll; 0 never ends")
	flags.DurationVar(&c.Pace, "pace", 1500*time.Millisecond, "what a label takes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	p, err := labelsim.Start(c)
	if err != nil {
		return err
	}
	defer p.Close()
	fmt.Fprintln(out, p.URI())
	orders := make(chan string)
	go func() { // ends with the program: a read of a terminal cannot be called off
		for s := bufio.NewScanner(in); s.Scan(); {
			orders <- s.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case order := <-orders:
			if err := obey(p, order); err != nil {
				return err
			}
		}
	}
}

func obey(p *labelsim.Printer, order string) error {
	switch order {
	case "tear":
		p.TearNext()
	case "off":
		p.PowerCut()
	case "on":
		return p.PowerOn()
	default:
		p.Raise(strings.Fields(order)...)
	}
	return nil
}
