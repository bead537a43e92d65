package ocr

import (
	"regexp"
	"strings"
)

// degree are letters printed behind a name.
var degree = map[string]bool{"phd": true, "ph.d": true, "mba": true, "emba": true, "cpa": true, "cfa": true, "md": true, "m.d": true, "jd": true, "j.d": true, "esq": true, "pmp": true, "frm": true, "ra": true, "aia": true, "pe": true, "p.e": true, "msc": true, "m.sc": true, "bsc": true, "ma": true, "ll.m": true, "llm": true, "ll.b": true, "llb": true, "(oxon)": true, "(cantab)": true, "oxon": true, "frsa": true, "frics": true, "hons": true, "ba": true, "llb(hons)": true, "fcca": true, "cfp": true, "cissp": true, "acca": true, "hkicpa": true, "fcpa": true, "fca": true, "ceng": true, "riba": true, "dds": true, "rn": true, "jp": true, "obe": true, "mbe": true, "cbe": true, "qc": true, "kc": true, "sc": true, "dba": true, "eng": true,
	"fsa": true, "maaa": true, "asa": true, "fcas": true, "acas": true, "fia": true, "fiaa": true, "mice": true, "miet": true, "cima": true, "acma": true, "fcma": true, "fcis": true, "acis": true, "chfc": true, "clu": true, "mrics": true, "mcips": true, "sphr": true, "phr": true, "lcsw": true, "lmft": true, "cams": true, "cisa": true, "cism": true, "dvm": true, "mrcvs": true, "frcs": true, "frcp": true, "mrcp": true, "facs": true, "mpa": true, "mph": true, "edd": true, "dphil": true, "mphil": true, "meng": true, "beng": true, "dmd": true, "pharmd": true, "psyd": true, "crpc": true, "cpcu": true, "leed": true, "asla": true, "fasla": true, "faia": true, "mbbs": true, "fhkam": true, "mhkie": true, "fhkie": true, "cmc": true, "caia": true, "ea": true, "rpa": true, "ccim": true, "gri": true, "crs": true, "raia": true, "fraia": true, "friba": true, "arb": true, "riai": true, "friai": true, "p.eng": true, "peng": true, "cpeng": true, "mieaust": true, "fieaust": true, "mcip": true, "rpp": true, "aicp": true, "fcipd": true, "mcipd": true, "cfe": true, "mraes": true, "fimeche": true, "mimeche": true, "fcilt": true, "cmilt": true}

// initials are those of a degree, "J.D.".
var initials = regexp.MustCompile(`^([A-Z]\.){2,}`)

func withoutDegrees(s string) string {
	f := strings.Fields(strings.ReplaceAll(s, ",", ", "))
	if c, l, _ := hans(s); c > l {
		return s
	}
	for i := 2; i < len(f); i++ {
		bare, _, _ := strings.Cut(f[i], "(")
		if strings.HasSuffix(f[i-1], ",") && i > 2 && capitals(f[i]) && runes(f[i]) <= 6 {
			return strings.Join(f[:i], " ") // letters behind a comma
		}
		if i+1 < len(f) && len(f[i]) == 2 && degreeShape.MatchString(f[i]+f[i+1]) { // "B. Com"
			f = f[:i]
			break
		}
		if postNominal(f[i]) && !(strings.ToUpper(s) == s && !degreeShape.MatchString(f[i])) {
			f = f[:i]
			break
		}
		if w := strings.ToLower(strings.Trim(f[i], ".,()")); degree[w] && w != "ma" && w != "jr" && w != "sr" && w != "iii" || initials.MatchString(f[i]) && len(f[i]) > 3 || bare == "MA" || bare == "mA" || bare == "BA" {
			f = f[:i]
		}
	}
	if n := len(f); n > 3 && degree[strings.ToLower(strings.Trim(f[n-2]+f[n-1], ".,()"))] && len(f[n-1]) < 3 {
		f = f[:n-2] // "Fs A"
	}
	for len(f) > 2 && degree[strings.ToLower(strings.Trim(f[len(f)-1], ".,()"))] {
		f = f[:len(f)-1]
	}
	return strings.Join(f, " ")
}

// capitals says that s is two and more capital letters, and stops and commas.
func capitals(s string) bool {
	s = strings.Trim(s, ".,")
	return len(s) > 1 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.") == ""
}

// degreeShape are degrees by how they are made: a rank's letter and a subject,
// "MArch", "B.Com", "Ph.D.".
var degreeShape = regexp.MustCompile(`^(B|M|D|Ph|LL|Dip|Cert|PG)(Sc|SC|Eng|Tech|Com|Comm|Ed|Arch|Phil|Des|Mus|Pharm|Litt|Ch|Th|Econ|Acc|Admin|BS|VSc|Stat|Fin|Dip|Cert|Psych|Soc|Biol|D|B|M)[.,]*$|^(?i:(b|m|d|ph|ll)\.(a|sc|eng|tech|com|comm|ed|arch|phil|des|mus|pharm|litt|ch|th|econ|acc|d|b|m|s|v\.?sc)\.?,?)$`)

// postNominal says that a word is one of the letters behind names: degrees, and
// memberships of bodies in capitals.
func postNominal(w string) bool {
	bare := strings.Trim(w, ".,()")
	return degreeShape.MatchString(w) || strings.ToUpper(bare) == bare && memberships[bare]
}

// memberships stand in capitals behind names; in small letters some are words.
var memberships = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`BDS MDS BDSC BVSC BPHARM MPHARM RGN SRN RMN CGA CMA CIA CISSP CRISC PMP PSM CSM MBCS FBCS CITP FICE MIEE MIET FIET IENG ENGTECH
FISTRUCTE MISTRUCTE CIOB MCIOB FCIOB RPP MAPM FAPM FRGS FRHS FRSM FBA FRS FRSE FREE FRSC MRSC CCHEM CPHYS CSCI CGEOL FGS FIMM MIMM DSC DLITT DD LLD DVSC MD DO OD DPM DC DPT
NP APRN CRNA FNP RD RDN LPC LMHC PSYD EDS CPCU CIC ARM AAI CRM CLCS CISR CRS GRI ABR SRS CRB CPM CCIM SIOR RPA FMA LEED AP WELL NCARB AIA FAIA ASLA CSI CDT PE SE PLS RLA ASID NCIDQ IIDA BIAT MCIAT
FCIPS MCIPS CILT FCILT MCILT FIH MIH FIEX MIEX FCIM MCIM DIPM FIDM FIPA MIPA MIOD FIOD CDIR CMGR FCMI MCMI ACIB FCIB ACII FCII ACIARB MCIARB FCIARB ACIM CTA ATT STEP TEP ACA FCA ACCA FCCA FCMA ACMA CGMA CIPFA AAT MAAT FMAAT
RIBA ARB RIAS FRIAS RSUA RIAI MRIAI FRICS MRICS ASSOCRICS MRTPI FRTPI IHBC CMLI FLI MRPHARMS FRPHARMS FRCS FRCP MRCP MRCGP FRCGP FRCA FRCOG MRCOG FRCR FRCPATH FRCPCH FRCPSYCH MRCPSYCH MRCVS FRCVS DVM MRSB FRSB CBIOL OBE MBE CBE DL JP KC QC TD DSO RN RM
MBBS MBCHB BM BCH DCH DRCOG FACS FACC FACP FAAN FAAP FACOG FRACS FRACP FRANZCR FRACGP FAICD GAICD CPENG NER RPEQ MIEAUST FIEAUST MAIB FAIB AAICD CPA CA CAANZ FHKIA HKIA MHKIA RIBA FHKIE MHKIE MHKIS FHKIS RPS HKICPA FHKICPA PMP MSID MSIA PBM`) {
		out[w] = true
	}
	return out
}()
