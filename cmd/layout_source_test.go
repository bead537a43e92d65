package cmd_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const maxLines = 400

// top is everything that may lie at the top besides dot files and what
// .gitignore names.
var top = []string{"cmd", "kiosk", "badge", "ocr", "sync", "assets",
	"go.mod", "go.sum", "README.md", "LICENSE", "Makefile"}

func TestLayout_TopLevel(t *testing.T) {
	ignored, err := os.ReadFile("../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		n := e.Name()
		if !strings.HasPrefix(n, ".") && !slices.Contains(top, n) && !bytes.Contains(ignored, []byte("/"+n+"/\n")) {
			t.Errorf("%s is not expected at the top of the repository", n)
		}
	}
}

// sources calls f for each file of ours: not vendored, not test data, not
// ignored or generated.
func sources(t *testing.T, f func(path string)) {
	t.Helper()
	skip := []string{"../assets/vendor", "../bin", "../show", "../node_modules"}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains(skip, path) || d.Name() == "testdata" || path != ".." && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.Type().IsRegular():
			f(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLayout_FileLength(t *testing.T) {
	sources(t, func(path string) {
		if !slices.Contains([]string{".go", ".js", ".css", ".html", ".sh"}, filepath.Ext(path)) {
			return
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines, over %d: part it", path[3:], n, maxLines)
		}
	})
}

func TestLayout_Comments(t *testing.T) {
	packages := map[string]bool{} // folder → it has a doc comment
	sources(t, func(path string) {
		if filepath.Ext(path) != ".go" {
			return
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		dir := filepath.Dir(path)
		packages[dir] = packages[dir] || f.Doc.Text() != ""
		for _, what := range shortcuts(f) {
			t.Errorf("%s: %s", path[3:], what)
		}
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, name := range uncommented(f) {
			t.Errorf("%s: %s is exported without a comment", path[3:], name)
		}
	})
	for dir, documented := range packages {
		if !documented {
			t.Errorf("package %s has no doc comment", dir[3:])
		}
	}
}

// uncommented returns the exported names of a file that no comment describes.
// A comment over a group of constants or variables describes them all.
func uncommented(f *ast.File) (names []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc.Text() == "" && exportedReceiver(d) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				names = append(names, uncommentedSpec(s, d.Doc.Text() != "")...)
			}
		}
	}
	return names
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

func uncommentedSpec(s ast.Spec, group bool) (names []string) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && !group && s.Doc.Text() == "" && s.Comment.Text() == "" {
			names = append(names, s.Name.Name)
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() && !group && s.Doc.Text() == "" && s.Comment.Text() == "" {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

// shortcuts returns what was put off or waited out: a note to do something
// later, a test that leaves itself out, a sleep instead of a condition.
func shortcuts(f *ast.File) (found []string) {
	for _, c := range f.Comments {
		if strings.Contains(c.Text(), "TO"+"DO") {
			found = append(found, "a comment puts something off")
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, _ := s.X.(*ast.Ident)
		switch {
		case of == nil:
		case of.Name == "time" && s.Sel.Name == "Sleep":
			found = append(found, "time.Sleep; wait for a condition or a timer beside ctx")
		case slices.Contains([]string{"t", "b", "tb", "f"}, of.Name) && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, s.Sel.Name):
			found = append(found, "a test leaves itself out")
		}
		return true
	})
	return found
}

func TestLayout_ShortcutsAreFound(t *testing.T) {
	const source = `package p
// TO` + `DO: later.
func f() { time.Sleep(1); t.Skip("slow"); b.SkipNow(); time.After(1); list.Skip(3) }
`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(shortcuts(f)); got != 4 {
		t.Errorf("found %d shortcuts in %v, want 4", got, shortcuts(f))
	}
}

func TestLayout_CommentsFindsFaults(t *testing.T) {
	const source = `package p
func Bare() {}
// Told does.
func Told() {}
type hidden struct{}
func (hidden) String() string { return "" }
type Naked struct{}
func (n *Naked) Do() {}
// All of them.
const ( A = 1; B = 2 )
const C = 3
const D = 4 // D is four.
`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(uncommented(f)), "[Bare Naked Do C]"; got != want {
		t.Errorf("uncommented = %s, want %s", got, want)
	}
}
