package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"hallpass/cmd/internal/config"
)

// badgeSettings are the flags of "kiosk badge".
type badgeSettings struct {
	Template string `config:"template,name of a built-in template (a6, card, fanfold, label-62x100, label-90x100) or a template file"`
	Output   string `config:"o,write the PDF to this file instead of standard output; the picture of -preview to this file or folder"`
	JSON     bool   `config:"json,one JSON line a page on standard error"`
	Preview  bool   `config:"preview,make one PNG of the template with ordinary, very long and rare names, or with PEOPLE, instead of a PDF"`
	DPI      int    `config:"dpi,dots an inch of -preview, 72 to 600"`
	Label    bool   `config:"label,preview in black and white, as a label printer prints"`
	Key      string `config:"key,PEM file of the Ed25519 key that signs, as made by openssl genpkey -algorithm ed25519"`
	Data     string `config:"data,data folder of the kiosk whose key signs"`
	Show     string `config:"show,show file for names, categories, days and the logo (default: the sample show)"`
	Pictures string `config:"portraits,folder of the PNG and JPEG files that lines name as \"portrait\", each at most 8 MB and 40 megapixels"`
}

// runBadge prints badges for a list of people without registering anybody: one
// page for each line of PEOPLE.ndjson, or one for a file that is one JSON
// object. A line that cannot be printed is reported and the others are printed;
// the error then says how many are left.
func runBadge(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	settings := badgeSettings{Template: "a6", DPI: 96}
	rest, err := config.Load(config.Command{
		Name:    "kiosk badge",
		About:   "Makes a PDF with one badge for each line of {\"id\",\"name\",\"name_latin\",\"company\",\"title\",\"category\",\"country\",\"flags\",\"portrait\"}, or a picture of a template.",
		Args:    "[PEOPLE.ndjson|-]",
		Example: `echo '{"id":"1","name":"王芳","category":"trade"}' | kiosk badge -template a6 -o badge.pdf`,
		Output:  stdout,
	}, args, &settings)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case len(rest) > 1:
		return fmt.Errorf("%d lists of people; give one, or join them with cat and give -", len(rest))
	case settings.Output == "" && isTerminal(stdout):
		return errors.New("a PDF or a picture is not for the terminal; give -o FILE")
	}
	press, err := newBadgePress(settings)
	if err != nil {
		return err
	}
	if settings.Preview && len(rest) == 0 {
		return press.preview(ctx, settings, strings.NewReader(previewPeople), "the preview's people", stdout, stderr)
	}
	if press.throwaway && !settings.JSON && !settings.Preview {
		fmt.Fprintln(stderr, "kiosk badge: signed with a throwaway key, no scanner will know it; give -data DIR or -key FILE")
	}
	input, name := stdin, "standard input"
	if len(rest) == 1 && rest[0] != "-" {
		file, err := os.Open(rest[0])
		if err != nil {
			return fmt.Errorf("open the list of people: %w", err)
		}
		defer file.Close()
		input, name = file, rest[0]
	}
	if settings.Preview {
		return press.preview(ctx, settings, input, name, stdout, stderr)
	}
	return press.run(ctx, settings, input, name, stdout, stderr)
}
