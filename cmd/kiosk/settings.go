package main

import (
	"log/slog"
	"net"
	"os"
	"time"

	"hallpass/cmd/internal/config"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/kiosk/store"
)

// settings are those of "kiosk run"; package config says where they come from.
type settings struct {
	Data      string        `config:"data,data folder; made if it is not there"`
	Listen    string        `config:"listen,address of the touch screen's page, loopback only"`
	Hall      string        `config:"hall,the hall's address, for pairing or if it has moved; a kiosk without one works alone"`
	Pair      string        `config:"pair,one-time code that the hall shows; used only while this kiosk is not paired"`
	Name      string        `config:"name,what people call this kiosk; the machine's name if empty"`
	Printer   []string      `config:"printer,ipp://HOST/PATH or folder:DIR, and further ones as a pool, each as PLACE=ADDRESS if visitors must find it; without one badges wait"`
	Patience  time.Duration `config:"patience,how long a badge stays in a printer that is in trouble before it goes to another of the pool"`
	Show      string        `config:"show,JSON file of the show until the hall sends its own; a sample if empty"`
	Template  string        `config:"template,badge template instead of the show's: a6, card, fanfold, label-62x100, label-90x100 or a template file"`
	Keep      time.Duration `config:"keep,how long a registration's personal data stay on this kiosk once the hall has them, at least 15m; 0s until the kiosk is wiped"`
	StaffCode string        `config:"staff-code,what desk staff type to reprint, void and confirm badges of any visitor; without one only visitors can, on the screen where they registered"`
	Readers   int           `config:"readers,cards read at once, 1 to 8; 0 reads none"`
	Reader    string        `config:"reader,folder of the reader pack; looked for in the usual places if empty"`
	ReaderMB  int           `config:"reader-mb,memory in MB over which the process that reads cards is replaced, 300 to 8000"`
	Format    string        `config:"log-format,text or json"`
	Level     string        `config:"log-level,debug, info, warn or error"`
}

func defaults() settings {
	return settings{Data: "data", Listen: "127.0.0.1:8080", Readers: 2, ReaderMB: 1000, Patience: 5 * time.Second, Keep: 24 * time.Hour, Format: "text", Level: "info"}
}

// Validate names the setting and what would do.
func (c settings) Validate() error {
	switch _, _, err := net.SplitHostPort(c.Listen); {
	case c.Data == "":
		return config.Invalid("data", c.Data, "names no folder; try data")
	case err != nil:
		return config.Invalid("listen", c.Listen, "has no port; try 127.0.0.1:8080")
	case c.Readers < 0 || c.Readers > 8:
		return config.Invalid("readers", c.Readers, "is not 0 to 8")
	case c.ReaderMB < 300 || c.ReaderMB > 8000:
		return config.Invalid("reader-mb", c.ReaderMB, "is not 300 to 8000; two engines at rest take 300")
	case c.Patience < 0 || c.Patience > time.Hour:
		return config.Invalid("patience", c.Patience, "is not 0s to 1h; try 5s")
	case c.Keep != 0 && c.Keep < store.Soonest:
		return config.Invalid("keep", c.Keep, "is shorter than 15m, in which people still ask for another badge; try 24h")
	case c.StaffCode != "" && len(c.StaffCode) < 4:
		return config.Invalid("staff-code", "…", "is shorter than 4 characters")
	case c.Pair != "" && c.Hall == "":
		return config.Invalid("pair", "…", "needs -hall, the address of the hall that shows the code")
	}
	return nil
}

func load(args []string, s streams) (settings, *slog.Logger, error) {
	c := defaults()
	_, err := config.Load(config.Command{
		Name: "kiosk run", About: "Starts the desk. Open the address that it prints in a browser on this machine.",
		Example: "kiosk run -data /var/lib/hallpass/kiosk -listen 127.0.0.1:8080 -hall https://192.0.2.10:8443 -pair 7KQ4-M2XP-TC9D -printer ipp://localhost/ipp/print",
		Output:  s.out,
	}, args, &c)
	if err != nil {
		return c, nil, err
	}
	if c.Name == "" {
		c.Name, _ = os.Hostname()
	}
	log, err := lifecycle.Logger(s.err, c.Format, c.Level)
	return c, log, err
}
