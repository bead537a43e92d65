// Package store owns a kiosk's data folder: the bbolt file kiosk.db, the log
// kiosk.db.wal that package redo keeps beside it while the kiosk runs, and the
// private key kiosk.key, all readable by their owner alone. It implements
// kiosk.Store for the desk and the two ends of package link, one transaction a
// call: a change and its journal entry are kept together or not at all (P1).
//
// It decides nothing about badges or forms, draws and sends nothing.
//
// # kiosk.db, version 4
//
//	meta           version, node, epoch, public key, and what paired, acked,
//	               read, show and last_badge say below
//	journal        the node's own log, laid out by package journal
//	registrations  registration id → fact, as package wire writes it
//	badges         registration id ‖ issue (2 bytes, big-endian) →
//	               {"fact","token","stage","printer","steps"}, the fact as
//	               in the journal; version 1 had "printing" for a stage
//	short          short code ‖ registration id → nothing
//	keys           Idempotency-Key → registration id
//	queue          badge id → registration id, while the printer is needed
//	tally          only while the show lets kiosks learn: "s" → the show's id;
//	               "f" ‖ field → its counts, seven numbers in the order of
//	               record.FieldTally; "c" ‖ character read ‖ character meant
//	               → on how many cards. No text, nobody's id, no time (P8)
//	badge_keys     public key → {"salt","made"}: keys for badges that this kiosk
//	               made, the one that signs and the one that waits for the hall
//	keyring        public key → fact, as the hall told it, of every kiosk's keys
//	revocations    node → fact, as the hall told it
//	places         registration id ‖ number → nothing: the journal entries that
//	               speak of it
//	acks           time (8 bytes, milliseconds) → up to where the hall had this
//	               journal then
//	forgotten      registration id → when its data left this kiosk (8 bytes); its
//	               lines in short and keys stay
//	voids          badge id → fact, as the hall told it, of any kiosk's badges
//	erasures       registration id → fact: what must never come back
//	expected       registration id → fact: pre-registrations with which nobody
//	               has come yet, apart from this kiosk's own
//	expected_codes code ‖ 0 ‖ registration id → nothing; stays when it was used
//	digests        keyed hash of a contact (16 bytes) ‖ registration id → nothing
//	digest_keys    key of the hashes → region of numbers without a country code
//	aside          number, epoch → {"epoch","seq","kind","payload"}: what the
//	               hall sent and this program cannot use; nothing is thrown away
//	redo           package redo's: which log is this file's, and what of it the
//	               file holds
//
// meta: mended is, as JSON, what was lost of a damaged journal that began a new
// life; paired is the pairing as JSON; acked the number up to which the hall
// has this journal (8 bytes); read the cursor in the hall's journal (8 bytes,
// then its epoch); show the hall's show as a fact; last_badge the time of the
// last badge issued (8 bytes, milliseconds); badge_key the public key that signs
// badges, none for that of kiosk.key. Numbers are big-endian.
//
// A badge that a printer may have is "sent" or "printing" here, with the
// printer's address, and still "reserved" in its fact, because printing is
// nobody else's business. Its steps, {"at","state","printer","reason"}, are the
// log of how it came to where it is; they are written with the change that they
// tell of, so a kill leaves neither without the other. No step holds a name.
//
// # kiosk.key
//
// The node's Ed25519 key as PKCS #8 in PEM, its identity towards the hall and
// the signer of its badges. It is a file of its own, so that badges can be
// signed while a kiosk holds kiosk.db, and so that a copy of the data file
// alone cannot sign. The file is made first; a kiosk.db refuses another's key.
//
// # Keys for badges
//
// A paired kiosk replaces the key that signs badges every week and whenever the
// hall asks: a salt is drawn, the key follows from it and kiosk.key (HKDF with
// SHA-256, RFC 5869, info "hallpass badge key v1"), and salt and journal entry
// are one transaction. The key signs from the transaction on that takes in the
// hall's certificate for it; that transaction also forgets the salts of the keys
// before, which nobody can make again. Badges that they signed go on counting.
// Without a hall the kiosk goes on with the key it has, however old (P2).
//
// badge.key, once there is another key than kiosk.key's, is a copy of the one
// that signs, for "kiosk badge" beside a running kiosk.
//
// # Forgetting
//
// What the hall has had for a day leaves the kiosk, registration by
// registration: the entries of the journal lose payload and salt, the lines in
// registrations, badges and places go, and the file is written anew without
// them. The desk then answers fault.Forgotten. A hall that is put back from a
// backup older than that has lost what it does not hold.
//
// # Out of service
//
// A kiosk that its hall has revoked gets the hall's signed word for it; without
// that, nothing is wiped. The word is kept first, as revoked.json; then the keys
// go, then kiosk.db and its log. A start that finds the word finishes what was
// interrupted and refuses to open. Pictures of cards are in memory only.
//
// # Failure
//
// Open answers with a sentence for the operator: the file is locked, newer
// than the program, damaged, or its key is missing. It verifies the journal's
// last thousand entries and what the data say of them. A damaged entry that the
// hall has not got, or behind which nothing could be written, has the journal begin
// a new life without it: what is whole is told, and the registrations and badges as
// they stand where the rest does not say so; Mended tells what was lost. Of other
// damage Damage tells, and the desk works. One that is met later has Changes answer
// fault.Forked, on which package link calls NewLife. Export with Damaged set writes
// the same for a hall that cannot be reached. Afterwards a full disk is
// fault.StorageFull; the transaction leaves nothing behind and the next one
// works once there is room.
//
// A folder that was copied to a second kiosk, or put back from a backup, knows
// it by where the file lies, and begins a new life: a fresh epoch in which all
// of the journal is told anew, so nothing is lost and each fact counts once. A
// disk that was copied whole looks the same to itself: the hall keeps what came
// first and tells whoever says otherwise (fault.Forked), on which package link
// calls NewLife.
package store
