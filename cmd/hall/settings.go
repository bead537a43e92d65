package main

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"time"

	"hallpass/cmd/internal/config"
	"hallpass/sync/hall"
)

// load reads one command's settings.
func load(s streams, name, about, example string, args []string, settings any) ([]string, error) {
	return loadArgs(s, name, about, "", example, args, settings)
}

// loadArgs is load for a command that takes more than flags.
func loadArgs(s streams, name, about, takes, example string, args []string, settings any) ([]string, error) {
	return config.Load(config.Command{
		Name: "hall " + name, About: about, Args: takes, Example: example, Environ: s.environ, Output: s.out,
	}, args, settings)
}

// settings of hall run.
type settings struct {
	Data             string `config:"data,the folder that holds all the hall knows"`
	Listen           string `config:"listen,where kiosks and phones reach the hall by https, HOST:PORT"`
	Loopback         string `config:"loopback,also serve plain http here, for browsers on this machine, HOST:PORT of loopback"`
	URL              string `config:"url,how phones reach the hall, if not by the address of -listen"`
	Show             string `config:"show,the show file; without it the show in the data, at first the sample show"`
	Compact          string `config:"compact,when the data file is made small by itself: auto (nobody is busy and it pays), HH:MM at the show, or off"`
	InsecureLoopback bool   `config:"insecure-loopback,plain http on -listen, which must then be loopback"`
	LogFormat        string `config:"log-format,text or json"`
	LogLevel         string `config:"log-level,debug, info, warn or error"`
}

func defaults() settings {
	return settings{Data: "hall-data", Listen: ":8443", Compact: "auto", LogFormat: "text", LogLevel: "info"}
}

// Validate is called by config.Load.
func (s *settings) Validate() error {
	var errs []error
	if s.Data == "" {
		errs = append(errs, config.Invalid("data", s.Data, "names no folder; try hall-data"))
	}
	if problem := addressProblem(s.Listen, s.InsecureLoopback); problem != "" {
		errs = append(errs, config.Invalid("listen", s.Listen, problem))
	}
	if s.Loopback != "" {
		if problem := addressProblem(s.Loopback, true); problem != "" {
			errs = append(errs, config.Invalid("loopback", s.Loopback, problem))
		}
	}
	if s.URL != "" {
		if u, err := url.Parse(s.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Path+u.RawQuery+u.Fragment != "" {
			errs = append(errs, config.Invalid("url", s.URL, "is no address of a hall; try https://hall.example:8443"))
		}
	}
	if _, err := upkeep(s.Compact); err != nil {
		errs = append(errs, config.Invalid("compact", s.Compact, "is none of auto, off and a time; try 03:30"))
	}
	return errors.Join(errs...)
}

// upkeep reads -compact.
func upkeep(text string) (hall.Upkeep, error) {
	switch text {
	case "auto":
		return hall.Upkeep{}, nil
	case "off":
		return hall.Upkeep{Off: true}, nil
	}
	at, err := time.Parse("15:04", text)
	since := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return hall.Upkeep{At: &since}, err
}

// addressProblem says what is wrong with HOST:PORT. Plain http may not leave
// the machine: sign-ins and visitors' data would be readable on the way.
func addressProblem(address string, plain bool) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "is not HOST:PORT; try 127.0.0.1:8443"
	}
	if plain && !isLoopback(host) {
		return "is not loopback, and plain http may not leave this machine; try 127.0.0.1:8080"
	}
	return ""
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
