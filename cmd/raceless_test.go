package cmd_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// "make test" runs package badge without the race detector, which makes drawing
// several times slower, but for the tests with Goroutine in their names. So the
// package itself starts none, and a test that does says so.
func TestRaceless_BadgeStartsNoGoroutine(t *testing.T) {
	files, err := filepath.Glob("../badge/*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files of package badge, %v", len(files), err)
	}
	said := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !startsGoroutines(fn) {
				continue
			}
			if !strings.HasSuffix(name, "_test.go") || !strings.Contains(fn.Name.Name, "Goroutine") {
				t.Errorf("%s: %s starts a goroutine; a test that does has Goroutine in its name, nothing else may", name, fn.Name.Name)
			}
			said++
		}
	}
	if said < 5 {
		t.Errorf("%d tests with goroutines were found, there are more", said)
	}
}

// Package ocr and its folders divide their work on a picture between goroutines,
// all of which ocr's tests named after goroutines see: only these run with the
// race detector.
func TestRaceless_EveryGoroutineOfOCRIsSeen(t *testing.T) {
	profile := filepath.Join(t.TempDir(), "profile")
	if out, err := exec.Command("go", "test", "-run", makeVariable(t, "RACED"), "-coverpkg", "hallpass/ocr,hallpass/ocr/photo,hallpass/ocr/flat,hallpass/ocr/qr", "-coverprofile", profile, "hallpass/ocr").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ran, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, folder := range []string{"", "photo/", "flat/", "qr/"} {
		found, err := filepath.Glob("../ocr/" + folder + "*.go")
		if err != nil || len(found) < 5 {
			t.Fatalf("%d files in folder ocr/%s, %v", len(found), folder, err)
		}
		files = append(files, found...)
	}
	places := 0
	for _, name := range files {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range divisions(file) {
			places++
			if where := set.Position(at); !strings.HasSuffix(name, "_test.go") && !covered(string(ran), where) {
				t.Errorf("%s divides work, and no test that runs with the race detector comes by", where)
			}
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(name, "_test.go") && startsGoroutines(fn) && !strings.Contains(fn.Name.Name, "Goroutine") {
				t.Errorf("%s: %s starts a goroutine and has not Goroutine in its name", name, fn.Name.Name)
			}
		}
	}
	if places < 10 {
		t.Errorf("%d places that divide work were found, there are more", places)
	}
}

// divisions are the first statements of what is handed to Bands or to a go
// statement.
func divisions(file *ast.File) (at []token.Pos) {
	body := func(e ast.Expr) {
		if f, ok := e.(*ast.FuncLit); ok && len(f.Body.List) > 0 {
			at = append(at, f.Body.List[0].Pos())
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			body(n.Call.Fun)
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.SelectorExpr); ok && name.Sel.Name == "Bands" && len(n.Args) == 2 {
				body(n.Args[1])
			}
		}
		return true
	})
	return at
}

// covered looks a place up in a coverage profile, whose lines are
// "file:line.column,line.column statements count"; the last block that holds it
// is the innermost.
func covered(profile string, at token.Position) (ran bool) {
	_, file, _ := strings.Cut(filepath.ToSlash(at.Filename), "../")
	least := 0
	for line := range strings.Lines(profile) {
		var l1, c1, l2, c2, n, count int
		block, ok := strings.CutPrefix(line, "hallpass/"+file+":")
		if _, err := fmt.Sscanf(block, "%d.%d,%d.%d %d %d", &l1, &c1, &l2, &c2, &n, &count); !ok || err != nil {
			continue
		}
		if l1 <= at.Line && at.Line <= l2 && (l1 < at.Line || c1 <= at.Column) && (at.Line < l2 || at.Column <= c2) && l1 >= least {
			least, ran = l1, count > 0
		}
	}
	return ran
}

// startsGoroutines finds go statements and the Go methods of wait groups.
func startsGoroutines(fn *ast.FuncDecl) (found bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.SelectorExpr:
			found = found || n.Sel.Name == "Go"
		}
		return !found
	})
	return found
}

// A test that is left out under the race detector runs without it: "make test"
// names its package, and runs what begins with TestBadge_ or TestCards_.
func TestRaceless_WhatIsLeftOutRunsElsewhere(t *testing.T) {
	found := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, c := range file.Comments {
			if c.Pos() < file.Package && strings.Contains(c.List[0].Text, "go:build") && strings.Contains(c.List[0].Text, "!race") && tests(t, path, file) {
				found["./"+filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../")))] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(makeVariable(t, "UNRACED")) {
		delete(found, word)
	}
	for path := range found {
		t.Errorf("%s has tests that the race detector leaves out; add it to UNRACED in the Makefile", path)
	}
}

// tests reports whether a file has any, and complains about names that "make
// test" does not run.
func tests(t *testing.T, path string, file *ast.File) (any bool) {
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "Test") {
			continue
		}
		any = true
		if !strings.HasPrefix(fn.Name.Name, "TestBadge_") && !strings.HasPrefix(fn.Name.Name, "TestCards_") {
			t.Errorf("%s: %s is left out under the race detector and run nowhere; its name must begin with TestBadge_ or TestCards_", path, fn.Name.Name)
		}
	}
	return any
}

func makeVariable(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(line, name+" := "); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("the Makefile has no %s", name)
	return ""
}
