package web

import (
	"net/http"
	"net/url"
	"strings"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

const cookieName = "hallpass"

// OperatorHeader names who decides, escaped as in a path, on the control socket;
// decisions carry it.
const OperatorHeader = "Hallpass-Operator"

// principal answers who asks.
func (a *API) principal(r *http.Request) (hall.Principal, error) {
	if a.local {
		name, err := url.PathUnescape(r.Header.Get(OperatorHeader))
		if err != nil || name == "" {
			name = "operator"
		}
		return hall.Principal{Name: name, Role: hall.RoleOrganizer}, nil
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return a.hall.ByKey(r.Context(), key)
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return hall.Principal{}, fault.New(fault.AuthRequired, "Sign in first.")
	}
	if err := a.ourPage(r); err != nil {
		return hall.Principal{}, err
	}
	return a.hall.BySession(r.Context(), cookie.Value)
}

// ourPage refuses what another site's page makes a browser send.
func (a *API) ourPage(r *http.Request) error {
	if err := a.guard.Check(r); err != nil {
		return fault.Wrap(fault.AuthDenied, "This request does not come from the hall's own pages.", err)
	}
	return nil
}

// may answers who asks if it may do that.
func (a *API) may(r *http.Request, act hall.Act) (hall.Principal, error) {
	p, err := a.principal(r)
	if err != nil {
		return p, err
	}
	return p, p.May(act)
}

type signInForm struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

func (a *API) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := a.ourPage(r); err != nil {
		return err
	}
	form, err := read[signInForm](r)
	if err != nil {
		return err
	}
	session, _, err := a.hall.SignIn(r.Context(), caller(r), form.Name, form.Password)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessionCookie(r, session, int(hall.SessionLife.Seconds())))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// sessionCookie is out of reach for scripts and other sites, and for plain HTTP
// wherever we are reached by TLS.
func sessionCookie(r *http.Request, value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode,
	}
}

func (a *API) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := a.ourPage(r); err != nil {
		return err
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		if err := a.hall.SignOut(r.Context(), cookie.Value); err != nil {
			return err
		}
	}
	http.SetCookie(w, sessionCookie(r, "", -1))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type meForm struct {
	Name      string             `json:"name"`
	Role      hall.Role          `json:"role"`
	Exhibitor record.ExhibitorID `json:"exhibitor,omitempty"`
}

func (a *API) me(w http.ResponseWriter, r *http.Request) error {
	p, err := a.principal(r)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, meForm{Name: p.Name, Role: p.Role, Exhibitor: p.Exhibitor})
	return nil
}
