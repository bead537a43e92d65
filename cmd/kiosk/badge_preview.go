package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"hallpass/badge"
)

// previewPeople are made up: a row of ordinary names, a row of the longest and
// a row of the rarest that a hall meets.
const previewPeople = `
{"id":"o1","name":"李文博","name_latin":"Li Wenbo","company":"海川智能装备有限公司","title":"采购总监","category":"trade","country":"中国 China"}
{"id":"o2","name":"Maria Keller","company":"Norrsken Stage Light AB","title":"Head of Procurement","category":"buyer","country":"Sweden"}
{"id":"o3","name":"歐陽靜儀","name_latin":"Au-Yeung Ching Yee","company":"臺灣寶島燈飾股份有限公司","title":"董事長特別助理","category":"media"}
{"id":"o4","name":"王芳","category":"public"}
{"id":"l1","name":"Maximilian Alexander Konstantin Freiherr von und zu Falkenried-Sonnenthal","name_latin":"Maximilian von Falkenried","company":"Donauländische Beleuchtungsanlagen- und Straßenlaternenmanufaktur International Corporation Company Limited","title":"Senior Vice President Research and Development, Marketing and International Operations Manager","category":"vip","country":"Österreich"}
{"id":"l2","name":"买买提江·阿卜杜热合曼·乌斯曼江","name_latin":"Maimaitijiang Abudureheman Wusimanjiang","company":"新疆维吾尔自治区乌鲁木齐高新技术产业开发区天山北路丝绸之路国际照明电器进出口贸易股份有限公司第二分公司","title":"华北华东华南大区战略合作与供应链管理中心执行副总经理兼采购委员会秘书长","category":"exhibitor","country":"中国 China"}
{"id":"l3","name":"María de los Ángeles Inmaculada Concepción Fernández de Arceniega y Álvarez de Montalbo","company":"Sociedad Iberoamericana de Alumbrado Público y Señalización Luminosa de Carreteras y Autopistas, S.A. de C.V.","title":"Directora General Adjunta de Compras Internacionales y Relaciones Institucionales","category":"buyer","country":"México"}
{"id":"l4","name":"Silberquellsteinhausenbergdorffer","name_latin":"Bergdorffer","company":"Featherstonehaugh-Cholmondeley-Marjoribanks Lighting & Electrical Engineering Equipment Manufacturing Limited","title":"Assistant Manager, Procurement Department","category":"trade","country":"Great Britain and Northern Ireland"}
{"id":"r1","name":"张𬭎","name_latin":"Zhang Hong","company":"㛃囍龘𰻞灯饰有限公司","title":"工程师","category":"trade","country":"中国 China"}
{"id":"r2","name":"محمد عبد الرحمن الخطيب","name_latin":"Mohammed Al-Khatib","company":"شركة النور للإنارة","title":"مدير المشتريات","category":"buyer","country":"الإمارات"}
{"id":"r3","name":"བཀྲ་ཤིས་དབྱངས་སྒྲོལ","name_latin":"Tashi Yangdol","company":"西藏圣光照明有限公司","title":"总经理","category":"media"}
{"id":"r4","name":"สมชาย ใจดี","name_latin":"Somchai Jaidee","company":"บริษัท แสงไทย จำกัด","title":"ผู้จัดการฝ่ายจัดซื้อ","category":"exhibitor","country":"ไทย"}
`

// previewSeed signs previews: the same picture each time, and a key that no
// kiosk ever has.
var previewSeed [ed25519.SeedSize]byte

// preview makes one picture of the badges of some people.
func (p *badgePress) preview(ctx context.Context, settings badgeSettings, input io.Reader, name string, stdout, stderr io.Writer) error {
	if settings.Key == "" && settings.Data == "" {
		p.key = ed25519.NewKeyFromSeed(previewSeed[:])
	}
	pages, lines, refused, err := p.pages(ctx, input, name)
	if err != nil {
		return err
	}
	switch {
	case len(pages) > maxPreview:
		return fmt.Errorf("%d people on one picture; the limit is %d", len(pages), maxPreview)
	case len(pages) == 0 && refused == 0:
		return fmt.Errorf("%s holds nobody; give one JSON object a line", name)
	}
	if len(pages) > 0 {
		sheet, reports, err := p.sheet(ctx, pages, settings)
		if err != nil {
			return err
		}
		enter(reports, lines)
		var out bytes.Buffer
		if err := png.Encode(&out, paletted(sheet)); err != nil {
			return fmt.Errorf("make the picture: %w", err)
		}
		if err := deliver(previewFile(settings.Output, p.renderer.Template().Name), "picture", out.Bytes(), stdout); err != nil {
			return err
		}
	}
	if err := report(stderr, lines, settings.JSON); err != nil {
		return err
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d lines gave no badge; mend them and look again", refused, len(lines))
	}
	return nil
}

// previewFile is the file in a folder, if that is what output names.
func previewFile(output, template string) string {
	if info, err := os.Stat(output); err != nil || !info.IsDir() {
		return output
	}
	if name := filepath.Base(template); filepath.IsLocal(name) && name != "." {
		return filepath.Join(output, "badge-"+name+".png")
	}
	return filepath.Join(output, "badge.png")
}

// sheet draws the sides of all pages in rows.
func (p *badgePress) sheet(ctx context.Context, pages []badge.Page, settings badgeSettings) (*image.RGBA, []badge.Report, error) {
	template := p.renderer.Template()
	w, h := template.SheetMM()
	grid, err := gridOf(w, h, len(pages)*len(template.Slots()), settings.DPI)
	if err != nil {
		return nil, nil, err
	}
	var reports []badge.Report
	var tiles []image.Image
	for _, page := range pages {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		sides, report, err := p.draw(page, settings)
		if err != nil {
			return nil, nil, err
		}
		reports, tiles = append(reports, report), append(tiles, sides...)
	}
	return grid.sheet(tiles, template.Slots()), reports, nil
}

func (p *badgePress) draw(page badge.Page, settings badgeSettings) (sides []image.Image, report badge.Report, err error) {
	if settings.Label {
		dots, report, err := p.renderer.Bitmaps(page, settings.DPI)
		for _, side := range dots {
			sides = append(sides, side)
		}
		return sides, report, err
	}
	colours, report, err := p.renderer.Images(page, settings.DPI)
	for _, side := range colours {
		sides = append(sides, side)
	}
	return sides, report, err
}
