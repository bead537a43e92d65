// Package assets owns every static byte that Hallpass ships: the web pages
// with their design system and message catalogues, vendored browser modules,
// the fonts and templates of badges, and the sample show.
//
// The folders:
//
//	badge   badge templates, JSON, millimetres
//	fonts   TrueType fonts for badges, each with its licence
//	show    the sample show, JSON, as the hall reads it
//	vendor  third-party browser modules, each with its licence and version
//	web     tokens.css, base.css, components.css and the small modules that
//	        every page stands on; web/messages/LANGUAGE/SCREEN.json holds the
//	        sentences; one folder per page
//
// It refuses to know what the bytes mean: it parses nothing, serves nothing,
// keeps no state and imports nothing of ours. It cannot fail at run time; a
// missing folder fails the build.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed badge fonts show vendor web
var files embed.FS

// Files returns the embedded tree, read only and safe for concurrent use.
// Paths start at a folder of this package, such as "web/kiosk/index.html";
// an unknown path fails with fs.ErrNotExist.
func Files() fs.FS { return files }
