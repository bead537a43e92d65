// # 11. A walk with every byte
//
// All values are made up. The kiosk's private key is the bytes 00 to 1f, the
// hall's 20 to 3f, the fingerprint of the hall's TLS certificate 40 to 5f, the
// kiosk's nonce for pairing 60 to 6f, the hall's for the connection 80 to 9f, the
// salt of every entry a0 to af; real salts differ. Behind the dot stands what the
// bytes mean. Tests hold this page to the program, byte for byte.
//
//	kiosk key:
//	    03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8 · public
//	hall key:
//	    29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7 · public
//
// # Pairing
//
// The hall shows 7KQ4-M2XP-TC9D. The kiosk, "Entrance 1", posts its key, its nonce
// and
//
//	request proof:
//	    3d729de0af24e1942d9d7d6ac29f85b85a0b4681057b30dc2afecdb89e384f19
//
// The hall answers with node 01JD0000000000000000000K01, hall
// 01JD0000000000000000000HA1, show lumen-2027, its key and
//
//	certificate:
//	    82 · array of 2
//	      5857 · statement, 87 bytes
//	        a401781a30314a44303030303030303030303030303030303030304b30310258
//	        2003a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531
//	        b8036a6c756d656e2d32303237041b000001a3185c5000
//	      5840 · signature, 64 bytes
//	        cd25c0b000334ae0592a6a9f50984f12671562c4c4104b54234d99bff46d2954
//	        350fa3b4ceb5086a6706ca5c3c88d1c8d4d5d9fbe1ab53038501440b2b82da0f
//
// where the statement is {1: the node, 2: the kiosk's key, 3: the show,
// 4: 1800000000000}, and with the proof
//
//	answer proof:
//	    d234344e9c391a41955a749e609e7e087e8e19ba23421def31129a0f7954249d
//
// # Facts
//
// A visitor registers at 1,800,000,001,000 ms: this becomes the payload of entry 1
// of the epoch 01JD0000000000000000000EK1,
//
//	registration:
//	    a9 · map of 9
//	      01 781a30314a4430303030303030303030303030303030303030523031 · 1 id: "01JD0000000000000000000R01"
//	      02 6a6c756d656e2d32303237 · 2 show: "lumen-2027"
//	      03 781a30314a44303030303030303030303030303030303030304b3031 · 3 node: "01JD0000000000000000000K01"
//	      04 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 4 created [1800000001000, 0, "01JD0000000000000000000K01"]
//	      303030304b3031
//	      05 657479706564 · 5 source: "typed"
//	      06 a2 · 6 category, map of 2
//	        01 657472616465 · 1 value: "trade"
//	        02 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 2 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	        303030304b3031
//	      07 a2 · 7 fields, map of 2
//	        646e616d65 · "name"
//	          a2 · map of 2
//	            01 6b416461204578616d706c65 · 1 value: "Ada Example"
//	            02 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 2 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	            303030304b3031
//	        65656d61696c · "email"
//	          a2 · map of 2
//	            01 6f616461406578616d706c652e6f7267 · 1 value: "ada@example.org"
//	            02 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 2 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	            303030304b3031
//	      08 a1 · 8 answers, map of 1
//	        68696e746572657374 · "interest"
//	          a2 · map of 2
//	            01 81 · 1 array of 1
//	              666c6173657273 · option: "lasers"
//	            03 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 3 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	            303030304b3031
//	      09 a1 · 9 consents, map of 1
//	        67636f6e74616374 · "contact"
//	          a3 · map of 3
//	            01 f5 · 1 given: true
//	            02 02 · 2 version: 2
//	            03 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 3 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	            303030304b3031
//
// and her badge, as reserved, that of entry 2:
//
//	badge:
//	    a8 · map of 8
//	      01 781a30314a4430303030303030303030303030303030303030423031 · 1 id: "01JD0000000000000000000B01"
//	      02 781a30314a4430303030303030303030303030303030303030523031 · 2 registration: "01JD0000000000000000000R01"
//	      03 6a6c756d656e2d32303237 · 3 show: "lumen-2027"
//	      04 781a30314a44303030303030303030303030303030303030304b3031 · 4 node: "01JD0000000000000000000K01"
//	      05 01 · 5 issue: 1
//	      06 657472616465 · 6 category: "trade"
//	      07 6a374b51344d3258505443 · 7 short code: "7KQ4M2XPTC"
//	      08 a2 · 8 state, map of 2
//	        01 687265736572766564 · 1 value: "reserved"
//	        02 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 2 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	        303030304b3031
//
// Both entries have the stamp [1800000001000, 0, the node]:
//
//	chain 0:
//	    7faaacecfedb71bdda366c760382e005a54a965c000ecb5fcb9f5629739ee323
//	digest 1:
//	    504de0e4c6d7efb15709492bb71a77e3493fbf531b493f85e52fd9d783e22ffd
//	chain 1:
//	    beb084bc6c3fa21c5695d5e9c4dfa536a4f32c3d315cef44fa3df5948206d5af
//	digest 2:
//	    56b6c554b72008103ebf06ce2b7041f569ff11d6915e8eae537b14a2ed310165
//	chain 2:
//	    e89976247316ae884a3cac49fb3725ceefe6ce0265187f6684c8b310a1704fd9
//
// # The connection
//
// The proof for the nonce 80 to 9f, and the Hello that carries it:
//
//	link proof:
//	    9c292a88d2a79dcec89d34c876f45c2ac6570f96b8f0dd556f0e74defe452f94
//	    bdc22084a4c3732bcf91e94f99fd37de2b2c687f6c30c6f97aeaa5f2e20ac004
//
//	Hello:
//	    82 · array of 2
//	      01 · type 1, Hello
//	      a9 · map of 9
//	        01 01 · 1 protocol: 1
//	        02 781a30314a44303030303030303030303030303030303030304b3031 · 2 node: "01JD0000000000000000000K01"
//	        03 781a30314a4430303030303030303030303030303030303030454b31 · 3 epoch: "01JD0000000000000000000EK1"
//	        04 6a6c756d656e2d32303237 · 4 show: "lumen-2027"
//	        05 63312e30 · 5 program version: "1.0"
//	        06 82781a30314a4430303030303030303030303030303030303030454b3102 · 6 my journal ["01JD0000000000000000000EK1", 2]
//	        07 826000 · 7 read of yours ["", 0]
//	        08 5840 · 8 link proof, 64 bytes
//	          9c292a88d2a79dcec89d34c876f45c2ac6570f96b8f0dd556f0e74defe452f94
//	          bdc22084a4c3732bcf91e94f99fd37de2b2c687f6c30c6f97aeaa5f2e20ac004
//	        09 1b000001a3185c57d0 · 9 now: 1800000002000
//
// The hall has read nothing of this epoch yet, and has two entries of its own:
//
//	Welcome:
//	    82 · array of 2
//	      02 · type 2, Welcome
//	      a7 · map of 7
//	        01 01 · 1 protocol: 1
//	        02 781a30314a4430303030303030303030303030303030303030484131 · 2 node: "01JD0000000000000000000HA1"
//	        03 781a30314a4430303030303030303030303030303030303030454831 · 3 epoch: "01JD0000000000000000000EH1"
//	        04 6a6c756d656e2d32303237 · 4 show: "lumen-2027"
//	        05 82781a30314a443030303030303030303030303030303030303045483102 · 5 my journal ["01JD0000000000000000000EH1", 2]
//	        06 82781a30314a4430303030303030303030303030303030303030454b3100 · 6 read of yours ["01JD0000000000000000000EK1", 0]
//	        07 1b000001a3185c57d4 · 7 now: 1800000002004
//
// So the kiosk sends from 1; here one change in a batch:
//
//	Batch:
//	    82 · array of 2
//	      03 · type 3, Batch
//	      a2 · map of 2
//	        01 01 · 1 first: 1
//	        02 81 · 2 changes, array of 1
//	          a9 · map of 9
//	            01 781a30314a44303030303030303030303030303030303030304b3031 · 1 node: "01JD0000000000000000000K01"
//	            02 781a30314a4430303030303030303030303030303030303030454b31 · 2 epoch: "01JD0000000000000000000EK1"
//	            03 01 · 3 number: 1
//	            04 831b000001a3185c53e800781a30314a44303030303030303030303030303030 · 4 stamp [1800000001000, 0, "01JD0000000000000000000K01"]
//	            303030304b3031
//	            05 6c726567697374726174696f6e · 5 kind: "registration"
//	            06 590198 · 6 payload: see registration above, 408 bytes
//	              a901781a30314a4430303030303030303030303030303030303030523031026a
//	              6c756d656e2d3230323703781a30314a44303030303030303030303030303030
//	              303030304b303104831b000001a3185c53e800781a30314a4430303030303030
//	              3030303030303030303030304b30310565747970656406a20165747261646502
//	              831b000001a3185c53e800781a30314a44303030303030303030303030303030
//	              303030304b303107a2646e616d65a2016b416461204578616d706c6502831b00
//	              0001a3185c53e800781a30314a44303030303030303030303030303030303030
//	              304b303165656d61696ca2016f616461406578616d706c652e6f726702831b00
//	              0001a3185c53e800781a30314a44303030303030303030303030303030303030
//	              304b303108a168696e746572657374a20181666c617365727303831b000001a3
//	              185c53e800781a30314a44303030303030303030303030303030303030304b30
//	              3109a167636f6e74616374a301f5020203831b000001a3185c53e800781a3031
//	              4a44303030303030303030303030303030303030304b3031
//	            07 50 · 7 salt, 16 bytes
//	              a0a1a2a3a4a5a6a7a8a9aaabacadaeaf
//	            08 5820 · 8 digest 1, 32 bytes
//	              504de0e4c6d7efb15709492bb71a77e3493fbf531b493f85e52fd9d783e22ffd
//	            09 5820 · 9 chain 1, 32 bytes
//	              beb084bc6c3fa21c5695d5e9c4dfa536a4f32c3d315cef44fa3df5948206d5af
//
// When that is on its disk, the hall answers
//
//	Ack:
//	    82 · array of 2
//	      04 · type 4, Ack
//	      a1 · map of 1
//	        01 01 · 1 number: 1
//
// and meanwhile the kiosk tells how it is:
//
//	Status:
//	    82 · array of 2
//	      05 · type 5, Status
//	      a7 · map of 7
//	        01 02 · 1 last: 2
//	        02 01 · 2 acknowledged: 1
//	        03 01 · 3 unsent: 1
//	        04 6469646c65 · 4 printer: "idle"
//	        06 63312e30 · 6 program version: "1.0"
//	        07 192328 · 7 free disk, MB: 9000
//	        08 1b000001a3185c5bb8 · 8 now: 1800000003000
//
// The hall's two entries come in a Batch as well. Their payloads, of the kinds
// "erasure" and "registered" (key c0 to df, contact mailto:ada@example.org), are
//
//	erasure:
//	    a3 · map of 3
//	      01 781a30314a4430303030303030303030303030303030303030523031 · 1 registration: "01JD0000000000000000000R01"
//	      02 6a6c756d656e2d32303237 · 2 show: "lumen-2027"
//	      03 831b000001a3185c732801781a30314a44303030303030303030303030303030 · 3 stamp [1800000009000, 1, "01JD0000000000000000000HA1"]
//	      30303030484131
//	registered:
//	    a5 · map of 5
//	      01 6a6c756d656e2d32303237 · 1 show: "lumen-2027"
//	      02 5820 · 2 key, 32 bytes
//	        c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf
//	      03 62434e · 3 region: "CN"
//	      05 01 · 5 up to: 1
//	      06 5821 · 6 packed, 33 bytes
//	        0193400000000000000000000000600101981209b4b13ccb2518f0e1ce518a06
//	        53
//
// To a Hello of protocol 2 that names no lower one, a hall of today answers
//
//	Bye:
//	    82 · array of 2
//	      06 · type 6, Bye
//	      a2 · map of 2
//	        01 6d776972652e70726f746f636f6c · 1 code: "wire.protocol"
//	        02 781c546869732068616c6c20737065616b732070726f746f636f6c20312e · 2 sentence: "This hall speaks protocol 1."
package sync
