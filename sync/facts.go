// # 10. Facts by kind
//
// A payload is a CBOR map as in section 5, with the limits there, of the show
// too, which is JSON. Below, * marks what must be there; "text" is UTF-8, at most
// 1,000 characters unless it says otherwise; "id" is a text of 1 to 128 bytes;
// "stamp" is [wall, counter, node] as in section 5, left out for "never". A
// register is
//
//	{1 value · 2 stamp of the writing · 3 stamp of what the writer replaced}
//
// where 3 is left out in the first form of a registration, and is there from the
// first correction on, so that a hall can tell a correction from a conflict.
// Ids of registrations and badges are ULIDs that whoever makes them draws.
//
// Two versions of one thing become one, whatever came first: of a register or an
// answer the one with the later stamp stands (of one stamp, which only a faulty
// node makes, the greater value); a badge's void and an erasure win over all and
// are never taken back; what cannot change is taken from the version created
// first. A version may hold only what it changes. Whoever keeps facts may merge
// as he likes as long as the order of arrival makes no difference.
//
// # Up: what a kiosk says
//
//	registration   the form as it was confirmed, and each later correction
//	  1  id*           id       the same for all versions
//	  2  show*         id
//	  3  node          id       where it was confirmed
//	  4  created*      stamp
//	  5  source        text     card, typed, preregistration or import
//	  6  category      register of an id of the show's
//	  7  fields        {name: register of text}, at most 64
//	  8  answers       {question: {1 [option], 2 text, 3 stamp, 4 stamp of what
//	                   was replaced}}, at most 64; options sorted, at most 64
//	  9  consents      {consent: {1 given, true or left out, 2 version of the
//	                   text, 3 stamp}}, at most 64; a refusal is told as well
//	 10  erased        stamp    then 7, 8, 9 and 12 are left out for ever
//	 11  awaited       true     the hall's alone to say, see below
//	 12  code          text     6 to 64 of 0–9 and A–Z
//
//	badge          one printed issue of a registration
//	  1  id*           ULID, as the token carries it (package badge/token)
//	  2  registration* id
//	  3  show*         id
//	  4  node          id       whose printer it is
//	  5  issue*        1–65535  a newer issue of a registration voids the older
//	  6  category      id
//	  7  short code    text     10 characters (package badge/token)
//	  8  state         register of reserved, issued, failed, voided or unknown
//	  9  reason        register of a keyword: why failed or voided
//	 10  voided        stamp    void from then on
//
//	lead           one exhibitor's meeting with one badge; of halls mostly
//	  1  id* · 2 show · 3 exhibitor* · 4 device · 5 client id · 6 badge*   ids
//	  7  at*           text     RFC 3339 in UTC, when it was scanned
//	  8  created       stamp
//	  9  rating        register of 0–3
//	 10  notes         register of text
//
//	key            a key that signs this kiosk's badges; section 9
//	  1  public*       32 bytes
//	  2  node* · 3 show*        ids
//	  4  made          stamp
//	  5  proof         64 bytes: Ed25519 by the new key over "hallpass badge key
//	                   v1", a zero byte, the node, a zero byte, the show
//	  6  certificate   register of the text of package badge/token; the hall's
//	                   alone to say
//	  7  retired       stamp    the hall's alone: make another
//
//	erased         the receipt for an erasure: nothing is kept here any more
//	  1  registration* · 2 show* · 3 node*   ids; the node is the writer
//	  4  at*           stamp
//
// A hall takes these from a kiosk if they are of its show, have no year beyond
// 9999, and if ids, except in a show, are at most 128 bytes; all else goes to
// quarantine and is acknowledged. Of gates there is a further kind, "passage",
// which kiosks neither write nor are sent; see package wire.
//
// The order in which a kiosk records: the registration, its badge as reserved,
// and the badge's further states as they come. A kiosk tells of states that
// others must know; steps between reserved and issued are its own business. To
// reprint, it tells the older issue as voided and then the next as reserved, in
// one transaction.
//
// # Down: what the hall says
//
//	show           the setup of the show; the whole of it each time, as JSON
//	  {"id", "edition", "name": TEXT, "accent": "#RRGGBB", "languages": ["zh-CN"…],
//	   "timezone": IANA, "first_day": "2027-04-21", "days": 1–31,
//	   "idle_seconds": 0–3600, "badge_template", "learn",
//	   "fields": [{"name", "required"}], "categories": [{"id": up to 12
//	   characters, "name": TEXT, "colour": "#RRGGBB", "self"}],
//	   "questions": [{"id", "text": TEXT, "kind": "single"|"multi"|"text",
//	   "options": [{"id", "text": TEXT}], "required", "categories": [id]}],
//	   "consents": [{"id", "version", "text": TEXT, "required", "discloses":
//	   [field]}], "exhibitors": [{"id", "name": TEXT, "hall", "booth"}],
//	   "gates": […], "revised": {"wall", "counter", "node"}}
//	  TEXT is {language: sentence}; unknown keys are skipped. Ids match
//	  ^[a-z0-9][a-z0-9_-]{0,31}$. The later "revised" counts. A kiosk asks the
//	  fields, the questions of the category chosen (of all, if a question names
//	  none) and the consents, all required ones given; visitors choose among the
//	  categories with "self". It takes a new show at once, between two visitors.
//
//	key            as above, with the hall's certificate: of every kiosk's keys
//
//	revocation     a kiosk is out of service; section 9
//	  1  node* · 2 show*        ids
//	  3  at*           stamp
//	  4  since         s        its badges from then on are void
//	  5  all           true     all of them are
//	  6  statement*    text of package badge/token
//
//	void           one issue of a badge is worth nothing any more
//	  1  badge*        ULID
//	  2  registration* id
//	  3  show*         id
//	  4  at*           stamp
//	  5  reason        text     a keyword of at most 64 bytes: lost, superseded…
//	  Whoever judges badges refuses this one from now on, whatever its token
//	  proves. The kiosk that made it marks it voided and takes its job back.
//
//	erasure        a registration's data are to go, everywhere
//	  1  registration* · 2 show*   ids
//	  3  at*           stamp
//	  A kiosk takes payload and salt out of every entry of its journal that
//	  speaks of the registration, and the registration out of all that it keeps
//	  and finds people by, before anything else that comes after it; it also keeps
//	  that it was erased, so that nothing brings it back, and answers with
//	  "erased", once, also if it never had anything. Badges stay what they are
//	  worth; one that waits for the printer is voided. If it holds a registration
//	  of its own it adds one further version of it, with 10 and without data.
//
//	registered     who has registered, without anybody's data
//	  1  show*         id
//	  2  key*          32 bytes, secret to the hall and its kiosks
//	  3  region*       2 letters of ISO 3166, or ZZ
//	  4  entries       [[hash, 16 bytes, registration, id]…]
//	  5  up to         number   the hall's own
//	  6  packed        bytes    the same as 4, of ids that are ULIDs: for each
//	                   registration its id (16 bytes: the number that its 26
//	                   characters write), 1 byte with a count from 1, and as many
//	                   hashes; 1,024 hashes in 4 and 6 at most
//	  Entries add up over all such facts. A hash is the first 16 bytes of
//	  HMAC-SHA256(key, contact); a contact is "tel:" and a mobile number as E.164,
//	  "mailto:" and an e-mail address, or "code:" and the code of a
//	  pre-registration with which somebody has come: whoever is in such a list is
//	  expected no more. A kiosk hashes what a visitor has
//	  entered under each key that it was told, and asks before it makes a second
//	  badge. It tells the visitor that somebody has registered with this number or
//	  address, and nothing about who.
//
//	  A number is put into compatibility form (Unicode NFKC) and read by the plans
//	  of libphonenumber, without a country code as one of the region. If no plan
//	  knows it, its digits alone stand for it, from 7 on. Of the fields, mobile
//	  always counts, phone only if the plan says that it is a mobile number. An
//	  address is put into NFKC and lower case, without spaces around; it counts if
//	  it has something on both sides of its last @, and neither space nor comma
//	  nor semicolon.
//
//	registration   as above:
//	  with awaited   a pre-registration: somebody who is expected. A kiosk keeps
//	                 these apart from its own, and finds one by its code, which a
//	                 visitor scans or types (small letters count as capitals,
//	                 spaces and dashes are for the eye; of a URL the last part of
//	                 the path or the value of "code"). It fills the form; when the
//	                 visitor has confirmed it, the kiosk records a registration of
//	                 the same id, its own node and time, source preregistration,
//	                 not awaited: of two versions that wins, whatever their times.
//	                 A later version of the hall's replaces what differs; one
//	                 erased is dropped.
//	  without        a correction or a person's choice made at the hall. A kiosk
//	                 that holds this id merges it, without an entry in its own
//	                 journal; any other drops it.
//
// What a kiosk does not know or cannot use it puts aside and acknowledges, for
// the next version of its program to look at.
package sync
