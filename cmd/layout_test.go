// Package cmd_test holds the rules of the repository as tests: who may import
// whom, where each library lives, what lies at the top, and how long and how
// well described a file is. A rule is changed here, in review, or not at all.
package cmd_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// edges lists what each package may import of ours; "x/..." is x and all below
// it. A package without a line has that of the nearest folder above it, and
// may import its own folder's package.
var edges = map[string][]string{
	"assets":                 {},
	"badge":                  {"badge/script"},
	"badge/script":           {},
	"badge/token":            {},
	"badge/spool":            {"badge/spool/zpl", "badge/spool/ql", "badge/spool/dnssd"}, // what is spoken to printers
	"badge/spool/zpl":        {},
	"badge/spool/ql":         {},
	"badge/spool/dnssd":      {},
	"badge/spool/virtual":    {},
	"badge/spool/labelsim":   {},
	"badge/spool/spooltest":  {"badge/spool"},
	"ocr":                    {"ocr/photo", "ocr/flat", "ocr/qr", "ocr/pixels", "ocr/plane"},
	"ocr/pixels":             {},
	"ocr/plane":              {},
	"ocr/photo":              {"ocr/pixels"},
	"ocr/flat":               {"ocr/photo", "ocr/pixels", "ocr/plane"},
	"ocr/qr":                 {"ocr/pixels", "ocr/plane"},
	"ocr/scenetest":          {"ocr/plane"},
	"ocr/ppocr":              {"ocr", "ocr/pixels", "ocr/ppocr/fold", "ocr/enginetest"},
	"ocr/ppocr/fold":         {},
	"sync":                   {},
	"sync/fault":             {},
	"sync/record":            {"sync/fault"},
	"sync/wire":              {"sync/record/...", "sync/fault"},
	"sync/wire/echo":         {"sync/wire"},
	"sync/journal":           {"sync/record/...", "sync/fault"},
	"sync/carry":             {"sync/journal", "sync/wire", "sync/record/...", "sync/fault"},
	"sync/link":              {"sync/wire", "sync/record/...", "sync/fault"},
	"sync/hall":              {"sync/record/...", "sync/fault", "sync/wire", "sync/journal", "sync/carry", "badge/token"},
	"sync/hall/store/intake": {"sync/journal", "sync/wal", "sync/record/..."},
	"sync/hall/store/runs":   {},
	"sync/hall/store":        {"sync/hall", "sync/hall/store/intake", "sync/hall/store/runs", "sync/wal", "sync/record/...", "sync/fault", "sync/wire", "sync/journal", "sync/carry", "badge/token"},
	"sync/wal":               {},
	"sync/hall/web":          {"sync/hall", "assets", "sync/record/...", "sync/fault", "sync/wire"},
	"kiosk":                  {"badge", "badge/token", "badge/spool", "ocr", "ocr/flat", "sync/record/...", "sync/fault"},
	"kiosk/store/redo":       {"sync/wal"}, // pages and a log, of whatever
	"kiosk/store":            {"kiosk", "kiosk/store/redo", "badge/token", "sync/journal", "sync/carry", "sync/wire", "sync/record/...", "sync/fault"},
	"kiosk/web":              {"kiosk", "ocr", "ocr/plane", "assets", "sync/record/...", "sync/fault"},
	"cmd":                    {"assets", "badge/...", "ocr/...", "kiosk/...", "sync/...", "cmd/internal/..."},
}

// onlyTested are helpers of tests: no program contains them.
var onlyTested = []string{"ocr/enginetest", "ocr/scenetest", "badge/spool/spooltest", "cmd/internal/browser", "cmd/internal/process"}

// homes lists where each library may be imported; tests may do so also under
// the second list.
var homes = map[string]struct{ code, tests []string }{
	"go.etcd.io/bbolt":                      {[]string{"sync/journal", "kiosk/store", "kiosk/store/redo", "sync/hall/store"}, []string{"sync/...", "kiosk/...", "cmd/..."}},
	"github.com/gorilla/websocket":          {[]string{"sync/wire", "sync/wire/echo"}, []string{"sync/...", "cmd/..."}},
	"github.com/fxamacker/cbor":             {[]string{"sync/wire"}, nil},
	"github.com/jung-kurt/gofpdf":           {[]string{"badge"}, nil},
	"github.com/go-text/typesetting":        {[]string{"badge/script"}, nil},
	"github.com/skip2/go-qrcode":            {[]string{"badge", "ocr/scenetest"}, []string{"ocr", "cmd/..."}},
	"github.com/makiuchi-d/gozxing":         {[]string{"ocr/qr"}, nil},
	"github.com/otiai10/gosseract":          {[]string{"ocr/tesseract"}, nil},
	"github.com/yalue/onnxruntime_go":       {[]string{"ocr/ppocr"}, nil},
	"google.golang.org/protobuf":            {[]string{"ocr/ppocr/fold"}, nil},
	"golang.org/x/image":                    {[]string{"ocr/...", "badge"}, []string{"cmd/..."}},
	"github.com/oklog/ulid":                 {[]string{"sync/record"}, nil},
	"github.com/nyaruka/phonenumbers":       {[]string{"sync/record/contact", "ocr"}, nil}, // ocr: which plan a printed number fits, of countries without a plan of its own
	"golang.org/x/crypto":                   {[]string{"sync/hall"}, nil},
	"github.com/prometheus/client_golang":   {[]string{"cmd/internal/metrics"}, nil},
	"go.yaml.in/yaml":                       {[]string{"cmd/internal/config"}, nil},
	"github.com/chromedp":                   {[]string{"cmd/internal/browser"}, []string{"cmd/..."}},
	"github.com/HdrHistogram":               {[]string{"cmd/internal/rehearsal"}, nil},
	"github.com/miekg/dns":                  {[]string{"badge/spool/dnssd"}, nil},
	"golang.org/x/net":                      {[]string{"badge/spool/dnssd"}, nil},
	"pgregory.net/rapid":                    {nil, []string{"..."}},
	"github.com/santhosh-tekuri/jsonschema": {nil, []string{"badge"}},
	// Parts of the Go project that any package may need.
	"golang.org/x/sync": {[]string{"..."}, nil},
	"golang.org/x/text": {[]string{"..."}, nil},
	"golang.org/x/sys":  {[]string{"..."}, nil},
}

// pkg is what go list says of one package; paths of ours without the module.
type pkg struct {
	ImportPath                         string
	Dir                                string
	Imports, TestImports, XTestImports []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	c := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,TestImports,XTestImports", "./...")
	c.Dir, c.Stderr = "..", os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, "hallpass/")
		all = append(all, p)
	}
}

// under tells whether a package is in one of the patterns.
func under(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		tree, wild := strings.CutSuffix(p, "...")
		tree = strings.TrimSuffix(tree, "/")
		return p == path || wild && (tree == "" || path == tree || strings.HasPrefix(path, tree+"/"))
	})
}

// allowed returns the line of edges for a package.
func allowed(path string) (of string, patterns []string) {
	for of = path; of != "."; of = filepath.Dir(of) {
		if e, ok := edges[of]; ok {
			if of != path {
				e = append(slices.Clone(e), of) // ocr/tesseract may import ocr
			}
			return of, e
		}
	}
	return "", nil
}

// faults returns each import of p that breaks a rule.
func faults(p pkg) (out []string) {
	of, may := allowed(p.ImportPath)
	if of == "" {
		return []string{p.ImportPath + " has no line in the table of import edges"}
	}
	say := func(kind, imported string) {
		out = append(out, fmt.Sprintf("%s %s %s", p.ImportPath, kind, imported))
	}
	for _, i := range p.Imports {
		switch ours, isOurs := strings.CutPrefix(i, "hallpass/"); {
		case isOurs && (!under(ours, may) || slices.Contains(onlyTested, ours)):
			say("must not import", ours)
		case !isOurs && foreign(i) && !under(p.ImportPath, homes[library(i)].code):
			say("is no home of", i)
		}
	}
	for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
		h := homes[library(i)]
		switch ours, isOurs := strings.CutPrefix(i, "hallpass/"); {
		case isOurs && !under(ours, mayTest(p.ImportPath)):
			say("must not import in tests", ours)
		case !isOurs && foreign(i) && !under(p.ImportPath, slices.Concat(h.code, h.tests)):
			say("is no home, also in tests, of", i)
		}
	}
	return out
}

// mayTest is wider than edges, because tests use the real neighbours; still
// nothing but cmd reaches cmd, sync never sees kiosk, and leaves stay leaves.
func mayTest(path string) []string {
	switch top, _, _ := strings.Cut(path, "/"); top {
	case "cmd":
		return []string{"..."}
	case "kiosk":
		return []string{"kiosk/...", "sync/...", "badge/...", "ocr/...", "assets"}
	case "sync":
		return []string{"sync/...", "badge/token", "assets"}
	default:
		return []string{top + "/...", "assets"}
	}
}

func foreign(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".")
}

// library returns the key of homes that path belongs to, or path.
func library(path string) string {
	for lib := range homes {
		if path == lib || strings.HasPrefix(path, lib+"/") {
			return lib
		}
	}
	return path
}

func TestLayout_Imports(t *testing.T) {
	all := list(t)
	if len(all) < 10 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	for _, p := range all {
		for _, f := range faults(p) {
			t.Error(f)
		}
	}
}

// Each kind of fault is found, so that a green run means something.
func TestLayout_ImportsFindsFaults(t *testing.T) {
	for _, c := range []struct {
		from, imports string
		inTest        bool
		want          string
	}{
		{"sync/link", "hallpass/kiosk", false, "sync/link must not import kiosk"},
		{"badge", "hallpass/assets", false, "badge must not import assets"},
		{"kiosk", "hallpass/kiosk/store", false, "kiosk must not import kiosk/store"},
		{"kiosk", "hallpass/sync", false, "kiosk must not import sync"},
		{"ocr/tesseract", "hallpass/badge", false, "ocr/tesseract must not import badge"},
		{"cmd/kiosk", "hallpass/cmd/hall", false, "cmd/kiosk must not import cmd/hall"},
		{"cmd/expo", "hallpass/cmd/internal/browser", false, "cmd/expo must not import cmd/internal/browser"},
		{"kiosk/web", "go.etcd.io/bbolt", false, "kiosk/web is no home of go.etcd.io/bbolt"},
		{"sync/link", "github.com/gorilla/websocket", false, "sync/link is no home of github.com/gorilla/websocket"},
		{"kiosk", "pgregory.net/rapid", false, "kiosk is no home of pgregory.net/rapid"},
		{"kiosk", "example.org/new", false, "kiosk is no home of example.org/new"},
		{"misc", "fmt", false, "misc has no line in the table of import edges"},
		{"sync/link", "hallpass/kiosk", true, "sync/link must not import in tests kiosk"},
		{"badge", "hallpass/kiosk", true, "badge must not import in tests kiosk"},
		{"kiosk", "github.com/chromedp/chromedp", true, "kiosk is no home, also in tests, of github.com/chromedp/chromedp"},
		{"ocr/tesseract", "hallpass/ocr", false, ""},
		{"kiosk/store", "go.etcd.io/bbolt/errors", false, ""},
		{"sync/wire", "hallpass/sync/record/showfile", false, ""},
		{"cmd/hall", "hallpass/cmd/internal/config", false, ""},
		{"sync/record", "pgregory.net/rapid", true, ""},
		{"kiosk", "hallpass/kiosk/store", true, ""},
	} {
		p := pkg{ImportPath: c.from, Imports: []string{c.imports}}
		if c.inTest {
			p.Imports, p.XTestImports = nil, p.Imports
		}
		if got := strings.Join(faults(p), "; "); got != c.want {
			t.Errorf("%s importing %s (test %v): %q, want %q", c.from, c.imports, c.inTest, got, c.want)
		}
	}
}
