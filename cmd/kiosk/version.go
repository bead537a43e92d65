package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strings"

	"hallpass/cmd/internal/lifecycle"
)

// packVariable names the reader pack's folder, as the setting "reader" does.
const packVariable = "HALLPASS_READER"

// packAdvice is what to do where ppocr cannot start.
const packAdvice = `".ci/install run" fetches the reader pack; without internet, run "kiosk reader pack -o FILE" on a machine that has it and "kiosk reader install FILE" here`

// engines says which card reader this machine has, and why.
type engines struct {
	Engine           string `json:"engine"` // ppocr, tesseract or none
	Pack             string `json:"pack,omitempty"`
	Verified         bool   `json:"verified"`
	PackMissing      string `json:"pack_missing,omitempty"`
	Library          string `json:"library,omitempty"`
	Runtime          string `json:"onnxruntime,omitempty"`
	Tesseract        string `json:"tesseract,omitempty"`
	TesseractMissing string `json:"tesseract_missing,omitempty"`
	Do               string `json:"do,omitempty"`
}

// String is a few lines for people.
func (a engines) String() string {
	var out strings.Builder
	switch a.Engine {
	case "ppocr":
		fmt.Fprintf(&out, "cards are read by ppocr: reader pack in %s, every file verified, onnxruntime %s", a.Pack, a.Runtime)
		if !a.Verified {
			fmt.Fprintf(&out, " of the system (%s), which is not", a.Library)
		}
	case "tesseract":
		fmt.Fprintf(&out, "cards are read by tesseract alone: %s", a.PackMissing)
	default:
		out.WriteString("cards cannot be read; visitors type instead")
		if a.PackMissing != "" {
			fmt.Fprintf(&out, ": %s", a.PackMissing)
		}
	}
	switch {
	case a.Tesseract == "":
	case a.TesseractMissing != "":
		fmt.Fprintf(&out, "\ntesseract %s is not used: %s", a.Tesseract, a.TesseractMissing)
	default:
		fmt.Fprintf(&out, "\ntesseract %s", a.Tesseract)
		if a.Engine == "ppocr" {
			out.WriteString(" gives a second opinion")
		}
	}
	if a.Do != "" {
		fmt.Fprintf(&out, "\nto do: %s", a.Do)
	}
	return out.String()
}

const versionUsage = `usage: kiosk version [-json]

Says which program this is, which engine reads cards here, and why.

Example:
  kiosk version -json | jq -r .reader.engine

`

// runVersion is the command "kiosk version".
func runVersion(ctx context.Context, args []string, s streams) error {
	set := flag.NewFlagSet("kiosk version", flag.ContinueOnError)
	set.SetOutput(s.err)
	set.Usage = func() {
		fmt.Fprint(s.err, versionUsage)
		set.PrintDefaults()
	}
	asJSON := set.Bool("json", false, "print one JSON object")
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%q is not expected here; kiosk version -h shows how it is called", set.Arg(0))
	}
	about := aboutEngines(ctx)
	if *asJSON {
		return json.NewEncoder(s.out).Encode(struct {
			Version string  `json:"version"`
			Reader  engines `json:"reader"`
		}{lifecycle.Version(), about})
	}
	_, err := fmt.Fprintf(s.out, "kiosk %s\n%s\n", lifecycle.Version(), about)
	return err
}
