#!/usr/bin/env python3
"""Checks the test vectors of package token, from its specification alone.

Needs nothing but Python. Ed25519 is written from RFC 8032 and slow; it is for
checking vectors, not for gates.
"""
import hashlib
import json
import sys
from datetime import date, timedelta

# Ed25519, RFC 8032 section 5.1.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    s = (a[1] - a[0]) * (b[1] - b[0]) % P
    t = (a[1] + a[0]) * (b[1] + b[0]) % P
    u = 2 * a[3] * b[3] * D % P
    v = 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point = add(point, point)
        n >>= 1
    return total


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P)
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def public_of(seed):
    h = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    h = h & (2**254 - 8) | 2**254
    x, y, z, _ = times(h, BASE)
    inverse = pow(z, -1, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def verify(public, message, signature):
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(k, a)))


# Base45, RFC 9285, and RADIX-40.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def base45(text):
    if len(text) % 3 == 1:
        return None
    out = bytearray()
    for i in range(0, len(text), 3):
        n = 0
        for c in reversed(text[i : i + 3]):
            if c not in ALPHABET:
                return None
            n = n * 45 + ALPHABET.index(c)
        size = len(text[i : i + 3]) - 1
        if n >= 256**size:
            return None
        out += n.to_bytes(size, "big")
    return bytes(out)


RADIX40 = "\0abcdefghijklmnopqrstuvwxyz0123456789-._"


def category(data):
    text = ""
    for i in range(0, 8, 2):
        n = int.from_bytes(data[i : i + 2], "big")
        if n >= 40**3:
            return None
        text += RADIX40[n // 1600] + RADIX40[n // 40 % 40] + RADIX40[n % 40]
    text = text.rstrip("\0")
    return None if "\0" in text else text


def key_id(public):
    return hashlib.sha256(public).digest()[:4]


def open_token(text, public):
    if len(text) != 150:
        return None
    data = base45(text)
    if data is None or len(data) != 100 or data[:2] != b"\x0c\x5f" or data[2:6] != key_id(public):
        return None
    body = data[:36]
    kind = category(body[28:])
    if kind is None or not verify(public, b"hallpass token v1\0" + body, data[36:]):
        return None
    first = date(2020, 1, 1) + timedelta(days=int.from_bytes(body[24:26], "big"))
    return {
        "badge": body[6:22].hex(), "issue": int.from_bytes(body[22:24], "big"), "first_day": first.isoformat(),
        "days": body[26], "flags": body[27], "category": kind,
    }


# Statements of the hall.
LAST_SECOND = 7258118399  # 2199-12-31T23:59:59Z


def statement(text, hall, magic, label):
    data = base45(text)
    if data is None or len(data) < 67 or data[:3] != magic + b"\x01":
        return None
    return data[3:-64] if verify(hall, label + b"\0" + data[:-64], data[-64:]) else None


class Bad(Exception):
    pass


class Parts:
    def __init__(self, data):
        self.data = data

    def take(self, n):
        if len(self.data) < n:
            raise Bad
        part, self.data = self.data[:n], self.data[n:]
        return part

    def second(self):
        n = int.from_bytes(self.take(8), "big")
        if n > LAST_SECOND:
            raise Bad
        return n

    def show(self):
        text = self.take(self.take(1)[0])
        if not 1 <= len(text) <= 32 or any(c not in b"abcdefghijklmnopqrstuvwxyz0123456789-_" for c in text):
            raise Bad
        return text.decode()

    def end(self):
        if self.data:
            raise Bad


def open_certificate(text, hall):
    said = statement(text, hall, b"\x63\x62", b"hallpass key certificate v1")
    if said is None:
        return None
    try:
        p = Parts(said)
        c = {
            "key": p.take(32).hex(), "node": p.take(16).hex(), "issued": p.second(), "from": p.second(),
            "sign_until": p.second(), "until": p.second(), "show": p.show(),
        }
        count = p.take(1)[0]
        kinds = [category(p.take(8)) for _ in range(count)]
        p.end()
    except Bad:
        return None
    if count > 32 or None in kinds or kinds != sorted(set(kinds)) or not c["from"] <= c["sign_until"] <= c["until"]:
        return None
    c["categories"] = kinds
    return c


def open_revocation(text, hall):
    said = statement(text, hall, b"\xda\x09", b"hallpass revocation v1")
    if said is None:
        return None
    try:
        p = Parts(said)
        v = {"node": p.take(16).hex(), "at": p.second(), "since": p.second()}
        every = p.take(1)[0]
        v["show"] = p.show()
        p.end()
    except Bad:
        return None
    if every > 1 or v["since"] > v["at"]:
        return None
    v["all"] = every == 1
    return v


def judge(case):
    hall = bytes.fromhex(case["hall"])
    keys, revoked, refused = {}, {}, 0
    for text in case["statements"]:
        c, v = open_certificate(text, hall), open_revocation(text, hall)
        if c and c["show"] == case["show"]:
            if c["key"] not in keys or keys[c["key"]]["issued"] < c["issued"]:
                keys[c["key"]] = c
        elif v and v["show"] == case["show"]:
            revoked.setdefault(v["node"], []).append(v)
        else:
            refused += 1
    return refused, *weigh(case, keys, revoked)


def weigh(case, keys, revoked):
    text, at = case["token"], case["at"]
    data = base45(text) if len(text) == 150 and text.startswith("HP1") else None
    if data is None:
        return "forged", False
    named = [k for k in keys if key_id(bytes.fromhex(k)) == data[2:6]]
    if not named:
        return "unknown", False
    for k in named:
        claims = open_token(text, bytes.fromhex(k))
        if claims:
            break
    else:
        return "forged", False
    key, made = keys[k], int(claims["badge"][:12], 16)
    words = revoked.get(key["node"], [])
    if any(v["all"] or made >= v["since"] * 1000 for v in words):
        return "revoked", False
    if at < key["from"]:
        return "early", False
    if at >= key["until"]:
        return "expired", False
    if key["categories"] and claims["category"] not in key["categories"]:
        return "notallowed", False
    return "", bool(words)


# Short codes.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def checksum(values):
    total = 0
    for v in reversed(values):
        total <<= 1
        if total & 32:
            total ^= 0b100101
        total ^= v
    return total


def short_code(badge):
    bits = int.from_bytes(hashlib.sha256(b"hallpass short code v1\0" + badge).digest(), "big") >> 211
    values = [bits >> 5 * (8 - i) & 31 for i in range(9)]
    return "".join(CROCKFORD[v] for v in values + [next(c for c in range(32) if checksum(values + [c]) == 0)])


def parse_short(typed):
    text = typed.upper().replace(" ", "").replace("-", "")
    text = text.replace("O", "0").replace("I", "1").replace("L", "1")
    if len(text) != 10 or any(c not in CROCKFORD for c in text):
        return ""
    return text if checksum([CROCKFORD.index(c) for c in text]) == 0 else ""


def main(path):
    with sys.stdin if path == "-" else open(path, encoding="utf-8") as f:
        vectors = json.load(f)
    checked, wrong = 0, []

    def expect(part, name, got, want):
        nonlocal checked
        checked += 1
        if got != want:
            wrong.append(f"{part} {name!r}: got {got}, want {want}")

    for k in vectors["halls"] + vectors["keys"]:
        public = public_of(bytes.fromhex(k["seed"]))
        expect("key", k["name"], (public.hex(), key_id(public).hex()), (k["public"], k["id"]))
    for c in vectors["short_codes"]:
        expect("short code", c["typed"], parse_short(c["typed"]), c["code"])
        if "badge" in c:
            expect("short code of", c["badge"], short_code(bytes.fromhex(c["badge"])), c["code"])
    for c in vectors["tokens"]:
        expect("token", c["name"], open_token(c["text"], bytes.fromhex(c["key"])), c["claims"])
    for c in vectors["certificates"]:
        expect("certificate", c["name"], open_certificate(c["text"], bytes.fromhex(c["hall"])), c["says"])
    for c in vectors["revocations"]:
        expect("revocation", c["name"], open_revocation(c["text"], bytes.fromhex(c["hall"])), c["says"])
    for c in vectors["judgements"]:
        expect("judgement", c["name"], judge(c), (c["refused"], c["reason"], c["doubtful"]))
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{checked} vectors, all agree")


if __name__ == "__main__":
    main(sys.argv[1])
