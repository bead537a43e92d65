package hall

import (
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Principal is who asks: a person or program that signed in, or a device.
type Principal struct {
	Name      string
	Role      Role
	Exhibitor record.ExhibitorID // of a device
	Gate      record.GateID      // of a reader at a gate
	Device    record.DeviceID
}

// Act is something that not everybody may do.
type Act string

// The acts. What an act reaches is narrowed further where it is done: an
// exhibitor's leads are those of its own devices.
const (
	ActSeeStats    Act = "stats.see"
	ActSeeVisitors Act = "visitors.see"
	ActCorrect     Act = "visitors.correct"
	ActDecide      Act = "decide" // conflicts and quarantine
	ActErase       Act = "visitors.erase"
	ActTakeLeads   Act = "leads.take"
	ActAdmit       Act = "passages.record"
)

// rights is the one place that says which role may do what.
var rights = map[Role]map[Act]bool{
	RoleOrganizer: {ActSeeStats: true, ActSeeVisitors: true, ActCorrect: true, ActDecide: true, ActErase: true},
	RoleExhibitor: {ActTakeLeads: true},
	RoleGate:      {ActAdmit: true},
}

// May answers nil, or fault.AuthDenied if the role does not allow the act.
func (p Principal) May(act Act) error {
	if rights[p.Role][act] {
		return nil
	}
	return fault.New(fault.AuthDenied, "Your sign-in does not allow this.")
}
