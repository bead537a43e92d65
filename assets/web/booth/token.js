// What a badge carries, as far as a phone can judge it: whether a text has
// the shape of a token, which badge it names, and whether a typed short code
// can be right. Signatures are the hall's to check. The layouts are those of
// the Go package badge/token.

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const BYTES = 100;
const BADGE = [6, 22]; // where the badge id stands
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SHORT = 10;

// PREFIX begins every token: two bytes that Base45 spells like this.
export const PREFIX = "HP1";

// badgeOf returns the badge id of a token in hexadecimal, or null when the
// text has not the shape of one.
export function badgeOf(text) {
  if (!text.startsWith(PREFIX)) return null;
  const bytes = decode(text);
  if (bytes?.length !== BYTES) return null;
  return bytes.slice(...BADGE).map((b) => b.toString(16).padStart(2, "0")).join("");
}

// shortCode returns a typed code as the hall writes it, forgiving case,
// spaces, dashes, full-width letters, O for 0 and I or L for 1. It returns
// null for a code that no badge carries.
export function shortCode(text) {
  const plain = text.normalize("NFKC").toUpperCase().replace(/[\s\u2010-\u2014\u2212-]/g, "")
    .replace(/O/g, "0").replace(/[IL]/g, "1");
  if (plain.length !== SHORT) return null;
  const values = [...plain].map((c) => CROCKFORD.indexOf(c));
  return values.includes(-1) || syndrome(values) !== 0 ? null : plain;
}

// formatShort sets the dash that makes a code easy to read.
export function formatShort(code) {
  return code?.length === SHORT ? `${code.slice(0, SHORT / 2)}-${code.slice(SHORT / 2)}` : code ?? "";
}

// decode follows RFC 9285; null for a text that no bytes have.
function decode(text) {
  if (text.length % 3 === 1) return null;
  const bytes = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((c) => BASE45.indexOf(c));
    const n = digits.reduceRight((sum, d) => sum * 45 + d, 0);
    if (digits.includes(-1) || n >= 256 ** (digits.length - 1)) return null;
    if (digits.length === 3) bytes.push(n >> 8);
    bytes.push(n & 255);
  }
  return bytes;
}

// syndrome is the check sum in GF(2⁵) modulo x⁵+x²+1; 0 when all is well.
function syndrome(values) {
  return values.reduceRight((sum, v) => (sum & 16 ? (sum << 1) ^ 0b100101 : sum << 1) ^ v, 0);
}
