"""Shared parts of make_corpus, make_sample, make_broken: derived-field rules, record builders, works, copies, defects.

A work is a dict of bibliographic facts. `render` turns one into a VuFind document the way the source's importer family does
(marc: SolrMarc; xc: current XSLT; xl: legacy XSLT; rm: RecordManager, Dublin Core).
"""
import json
import time
import unicodedata

from corpus_words import (HEADS, TAILS, L, TOPICS, PUBLISHERS, PLACES_PUB, SYL, CYR_SYL, PINYIN)

nfd = lambda s: unicodedata.normalize("NFD", s)
nfc = lambda s: unicodedata.normalize("NFC", s)
nfkc = lambda s: unicodedata.normalize("NFKC", s)
cat = unicodedata.category

# ---------------------------------------------------------------- derived fields

CYR = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєѕіїјљњћќўџґ",
               "a b v g d e ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ é û â ë đ g ê ẑ í í ǰ l n ć k ŭ d g".split()))
GRE = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a b g d e z ē th i k l m n x o p r s s t y ph ch ps ō".split()))
HEB = dict(zip("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", "ʼ b g d h w z ẖ t y k l m n s ʻ p ẕ q r š ţ k m n p ẕ".split()))
ARA = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويةى", "ạ b t tẖ j ḥ kẖ d dẖ r z s sẖ ṣ ḍ ṭ ẓ ʿ gẖ f q k l m n h w y ẗ y̱".split()))
KANA = dict(zip("エネルキテストのとハリポタアイウオカクケコサシセソチツナニヌフヘホマミムメモヤユヨラレロワン",
                "e ne ru ki te su to no to ha ri po ta a i u o ka ku ke ko sa shi se so chi tsu na ni nu fu he ho ma mi mu me mo ya yu yo ra re ro wa n".split()))
HAN_I = "g kk n d tt l m b pp s ss  j jj c k t p h".split(" ")
HAN_V = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
HAN_F = " g kk gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j c k t p h".split(" ")
STROKE = dict(zip("øłđðħŧıƶ", "olddhtiz"))


def _keep(s):
    return "".join(c for c in s if cat(c)[0] in "LN")


class _KeyTable(dict):
    """Lower-cased NFC character -> its share of the work key (exact for Latin and Cyrillic, close elsewhere)."""

    def __missing__(self, cp):
        c = chr(cp)
        base = nfd(c)[0]
        if c in CYR:
            r = _keep(nfc(CYR[c]))
        elif c in PINYIN:
            r = PINYIN[c]
        elif 0xAC00 <= cp < 0xD7A4:
            n = cp - 0xAC00
            r = HAN_I[n // 588] + HAN_V[n % 588 // 28] + HAN_F[n % 28]
        elif base in GRE:
            r = GRE[base]
        elif c in HEB:
            r = HEB[c]
        elif base in ARA:
            r = _keep(nfc(ARA[base]))
        elif c in KANA:
            r = KANA[c]
        else:
            r = nfkc(_keep(nfd(c).lower()))
        self[cp] = r
        return r


_KEY, _KEYS = _KeyTable(), {}


def key(s):
    """Work-key normalisation, first 255."""
    if not s.isascii():
        s = nfc(s)
        if "ου" in s or "ού" in s:
            s = s.replace("ου", "ou").replace("ού", "ou")
    return s.lower().translate(_KEY)[:255]


def akey(name):
    r = _KEYS.get(name)
    if r is None:
        r = _KEYS[name] = key(name)
    return r


class _Sort3(dict):
    def __missing__(self, cp):
        c = chr(cp)
        k = cat(c)[0]
        r = "" if k == "M" else STROKE.get(c, c) if k in "LN" else " "
        self[cp] = r
        return r


_S3 = _Sort3()


def g3(a, b="", p="", skip=0):
    """SolrMarc titleSortLower on 245 $a $b $p with `skip` non-filing characters."""
    s = " ".join(x for x in (a[skip:], b, p) if x)
    return nfc(" ".join(nfd(s.lower()).translate(_S3).split()))


def g1(title):
    """Legacy XSLT: lower case, one English article dropped."""
    s = title.strip().lower()
    for art in ("a ", "an ", "the "):
        if s.startswith(art):
            return s[len(art):]
    return s


_LA = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "“": " ", "”": " ",
       "„": " ", "’": " ", "‘": " ", "–": " ", "—": " ", "…": " ", "«": " ", "»": " "}


class _Sort2(dict):
    def __missing__(self, cp):
        c = chr(cp)
        if c in _LA:
            r = _LA[c]
        elif cp < 128:
            r = c if c.isalnum() else " "
        else:
            d = nfd(c)
            r = d[0] if d[0].isascii() and d[0].isalpha() else c
        self[cp] = r
        return r


_S2 = _Sort2()


def g2(title):
    """Current XSLT: g1, Latin folded to ASCII, ASCII punctuation to one blank."""
    return " ".join(nfc(g1(title)).translate(_S2).split())


RM_ART = ("the ", "a ", "an ", "el ", "le ", "l'", "m'", "t'", "qu'", "n'", "s'", "j'", "d'", "c'")


def rm_filing(title):
    t = title.lstrip("\"'([«„“.-? ")
    low = t.lower()
    for art in RM_ART:
        if low.startswith(art):
            return t[len(art):]
    return t


def rm_sort(title):
    out = []
    for c in rm_filing(title).lower():
        out.append(c if cat(c)[0] in "LNM" else " ")
    return " ".join("".join(out).split())


ARTICLES = {
    "English": ("a ", "an ", "the "), "German": tuple(x + " " for x in "das dem den der des die ein eine einem einen einer eines".split()),
    "French": ("l'", "le ", "la ", "les ", "un ", "une ", "des ", "du ", "de "), "Spanish": tuple(x + " " for x in "el la las lo los un una unas unos".split()),
    "Italian": ("l'", "il ", "la ", "le ", "lo ", "gli ", "i ", "un ", "una ", "uno "), "Portuguese": tuple(x + " " for x in "a as o os um uma umas uns dos".split()),
    "Swedish": tuple(x + " " for x in "de den det en ett".split()), "Danish": tuple(x + " " for x in "de den det en et".split()),
    "Dutch": tuple(x + " " for x in "de een eene het".split()), "Hungarian": ("a ", "az ", "egy "), "Turkish": ("bir ",),
}


def nonfiling(title, language):
    low = title.lower()
    for art in ARTICLES.get(language, ()):
        if low.startswith(art) and len(low) > len(art):
            return len(art)
    return 0


def initials_field(name):
    """author_variant of one name."""
    s = "".join(c for c in name.lower() if c.isalpha() or c in " -")
    toks = s.split()
    personal = "," in name
    if personal and len(toks) > 1:
        toks = toks[1:] + toks[:1]
    ini = [p[0] for t in toks for p in t.split("-") if p]
    if not ini:
        return ""
    out = [" ".join(ini)]
    if personal and len(toks) > 2:
        out.append("".join(ini[:-1]))
    whole = "".join(ini)
    if whole != out[0] and whole not in out:
        out.append(whole)
    return " ".join(out)


_VAR = {}


def variant(name):
    r = _VAR.get(name)
    if r is None:
        r = _VAR[name] = initials_field(name)
    return r


def isbn13(body12):
    return body12 + str((10 - sum(int(c) * (1, 3)[i % 2] for i, c in enumerate(body12))) % 10)


def isbn10(x13):
    b = x13[3:12]
    k = (11 - sum((10 - i) * int(c) for i, c in enumerate(b)) % 11) % 11
    return b + ("X" if k == 10 else str(k))


def issn(seven):
    k = (11 - sum((8 - i) * int(c) for i, c in enumerate(seven)) % 11) % 11
    return seven[:4] + "-" + seven[4:] + ("X" if k == 10 else str(k))


# ---------------------------------------------------------------- pools

class Table:
    """Zipf-weighted choice by one lookup."""

    def __init__(self, items, s=0.9, size=16384):
        w = [1.0 / (i + 2) ** s for i in range(len(items))]
        total, acc, j, self.t = sum(w), 0.0, 0, []
        for i, it in enumerate(items):
            acc += w[i] / total
            n = max(j + 1 if len(items) * 2 < size else j, int(acc * size))
            self.t.extend([it] * (n - j))
            j = n
        self.n = len(self.t)

    def __call__(self, rnd):
        return self.t[int(rnd() * self.n)]


def town(n, syl=SYL):
    """The n-th invented town; no two n share a name."""
    m, out = len(SYL), []
    n += m * m
    while n:
        n, r = divmod(n, m)
        out.append(SYL[r])
    return "".join(syl[x] if isinstance(syl, dict) else x for x in out).capitalize()


SENT = {
    "en": ["This study examines the role of {0} in the development of {1} and {2}.",
           "Drawing on archival sources from {P}, it traces how {0} shaped {1} over several decades.",
           "We measured {0} under controlled conditions and compared the outcome with earlier reports on {1}.",
           "The results show that {0} depends strongly on {1}, whereas {2} has little influence.",
           "Previous work has concentrated on {0}; far less is known about {1} and its relation to {2}.",
           "A sample of {n} cases from {P} was analysed with respect to {0} and {1}.",
           "The first part discusses the theoretical background, the second presents new evidence on {0}.",
           "Our findings have implications for {0}, for the teaching of {1} and for public debate on {2}.",
           "In contrast to common belief, {0} was found to be independent of {1}.",
           "The volume closes with a bibliography, an index of places and a glossary of terms used in {0}.",
           "It is argued that {0} cannot be understood without close attention to {1}.",
           "Limits of the method and directions for further research on {0} are outlined."]}
for _c in L:
    if _c not in SENT:
        _a = L[_c]["and_"]
        SENT[_c] = ["{0}" + _a + "{1}: {2}, {3}" + _a + "{4}.", "{0}, {1}, {2}" + _a + "{3} ({n}).", "{3}" + _a + "{0} - {2}, {1}; {4}" + _a + "{5}."]

# prefix, institution, collection, family, record_format
SOURCES = [
    ("brk", "Brackwater University Library", "Main Catalogue", "marc", "marc"),
    ("eld", "Elderfeld State Library", "Regional Collection", "marc", "marc"),
    ("val", "Valloria National Library", "National Bibliography", "marc", "marc"),
    ("tor", "Torsvik City Libraries", "Public Catalogue", "marc", "marc"),
    ("osm", "Osmunda College", "College Catalogue", "marc", "marc"),
    ("krv", "Korveny Academy", "Academy Catalogue", "marc", "marc"),
    ("osj", "Open Shelf Journals", "Open Journals", "xc", "ojs"),
    ("dfa", "Directory of Free Articles", "Free Articles", "xc", "doaj"),
    ("medix", "Medical Index Centre", "MedIndex", "xl", "oai_dc"),
    ("agrix", "Agrarian Index", "AgrIndex", "xl", "oai_dc"),
    ("rep", "Brackwater Repository", "Repository", "xl", "dspace"),
    ("kirjo.", "Kirjola Consortium", "Consortium Index", "rm", "dc"),
]
MARC_SRC = [0, 1, 2, 3, 4, 5]
ART_SRC = [6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 0, 1, 2, 11]
BOOK_SRC = [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 10, 11]
GENERIC = {"editorial", "annualreport", "proceedings", "introduction", "preface", "bookreview", "index", "erratum", "poems", "abstracts"}
HAZARD = set("ßøłđæœþØŁĐÆŒÞẞµ")


class Pools:
    """Everything shared by all shards, built once from the seed."""

    def __init__(self, rng, authors=24000, journals=4000):
        r = rng.random
        coined = [h + t for h in HEADS for t in TAILS]
        rng.shuffle(coined)
        self.langs = Table2([(c, v["share"]) for c, v in L.items()])
        self.noun, self.sent, self.auth, self.place = {}, {}, {}, {}
        for c, v in L.items():
            words = list(v["nouns"])
            rng.shuffle(words)
            if c == "en":
                words = words[:150] + coined[:300] + words[150:] + coined[300:]
            self.noun[c] = Table(words, 0.55 if c == "en" else 0.4)
            if v["script"] == "Cyrl":
                self.place[c] = Table([town(i, CYR_SYL) for i in range(3000)], 0.5)
            elif v["script"] == "Latn":
                self.place[c] = Table([town(i) for i in range(20000)], 0.5, 65536)
            else:
                self.place[c] = None
            n = 900 if c == "en" else 160
            self.sent[c] = [self.sentence(c, rng) for _ in range(n)]
            self.auth[c] = self.people(c, rng, max(60, int(authors * v["share"])))
        self.journals = [self.journal(i, rng) for i in range(journals)]
        self.jtab = Table(self.journals, 0.8, 65536)
        days = []
        t0 = 1709251200
        for _ in range(4000):
            t = t0 + int(r() * 49000000)
            f = t - 86400 * int(r() * 900)
            days.append((t * 1000 << 20, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(f)), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))))
        self.stamps = days

    def sentence(self, c, rng):
        r = rng.random
        ws = [self.noun[c](r) for _ in range(6)]
        s = SENT[c][int(r() * len(SENT[c]))]
        p = self.place[c](r) if self.place[c] else ""
        s = s.format(*ws, P=p, n=int(r() * 900) + 12)
        return s[0].upper() + s[1:]

    def people(self, c, rng, n):
        v, r, out, seen = L[c], rng.random, [], set()
        pre, suf = v["sur"][0].split(), [x for x in v["sur"][1].split() if x != "|"] + [""]
        if c not in ("nl", "da", "zh", "ja", "ko"):
            suf.pop()
        syl = CYR_SYL if v["script"] == "Cyrl" else SYL
        while len(out) < n and len(seen) < n * 4:
            seen.add(len(seen))
            if v["script"] in ("Latn", "Cyrl") and r() < .5:
                s = town(int(r() * 60000), syl)[:9]
            else:
                s = pre[int(r() * len(pre))].replace("_", " ") + suf[int(r() * len(suf))]
            g = v["given"][int(r() * len(v["given"]))]
            if v["script"] == "Latn":
                x = r()
                if x < .3:
                    g += " " + "ABCDEFGHJKLMNPRSTW"[int(r() * 18)] + "."
                elif x < .38:
                    g = g[0] + "."
            if v["script"] in ("Hani", "Jpan", "Kore"):
                s = s.strip()
            out.append((s + ", " + g, str(1870 + int(r() * 90)) + "-" if r() < .2 and v["script"] == "Latn" else ""))
        return Table(list(dict.fromkeys(out)), 0.5, 65536 if n > 4000 else 8192)

    def journal(self, i, rng):
        r = rng.random
        c = "en" if r() < .75 else self.langs(r)
        v = L[c]
        if v["script"] in ("Latn", "Cyrl"):
            pre = {"en": ["Journal of ", "International Journal of ", "Annals of ", "Review of ", "Archives of ", "Advances in "],
                   "de": ["Zeitschrift für ", "Archiv für ", "Jahrbuch für "], "fr": ["Revue de ", "Annales de ", "Cahiers de "],
                   "es": ["Revista de ", "Anales de "], "it": ["Rivista di ", "Annali di "], "ru": ["Вестник: ", "Журнал: "]}.get(c, ["Acta: ", "Annales: "])
            a, b = self.noun[c](r), self.noun[c](r)
            t = pre[int(r() * len(pre))] + a.capitalize() + (v["and_"] + b.capitalize() if b != a else "")
            if r() < .3:
                t += " " + self.place[c](r)
        else:
            t = self.noun[c](r) + v["and_"] + self.noun[c](r)
            t += " " + str(100 + i)
        ab = " ".join((w[:4] + "." if len(w) > 5 else w) for w in t.split() if w not in ("of", "and", "für", "und", "de", "et", "in"))
        return dict(title=t, abbr=ab, issn=issn("%07d" % ((i * 7919 + 1234567) % 10000000)), lang=c, pub=PUBLISHERS[i % len(PUBLISHERS)],
                    code="".join(SYL[(i // d) % 40] for d in (1, 40))[:5])


class Table2:
    def __init__(self, pairs, size=2048):
        total = sum(w for _, w in pairs)
        self.t = []
        for it, w in pairs:
            self.t.extend([it] * max(1, round(w / total * size)))

    def __call__(self, rnd):
        return self.t[int(rnd() * len(self.t))]


# ---------------------------------------------------------------- works

class Maker:
    """Makes works and corrupted copies for one shard; `base` keeps identifiers apart between shards."""

    def __init__(self, pools, rng, base=0):
        self.p, self.rng, self.r, self.serial = pools, rng, rng.random, base

    def pick(self, seq):
        return seq[int(self.r() * len(seq))]

    def num(self):
        self.serial += 1
        return self.serial

    def isbn(self, lang):
        g = {"en": "0", "de": "3", "fr": "2", "ru": "5", "zh": "7", "ja": "4"}.get(lang, {"es": "84", "it": "88", "pt": "85", "sv": "91", "pl": "83", "nl": "90", "cs": "80"}.get(lang, "99"))
        n = (self.num() * 3486784401 + 1234567) % 10 ** 8
        if len(g) == 1:
            return isbn13("978" + g + "%08d" % n)
        return isbn13("978" + g + "%07d" % n if n < 10 ** 7 else "9798%08d" % n)

    def title(self, c, art=False):
        v, r, P = L[c], self.r, self.p
        noun = P.noun[c]
        a, b, x = noun(r), noun(r), r()
        while b == a:
            b = noun(r)
        place = P.place[c](r) if P.place[c] else None
        if place is None:
            d, e = noun(r), noun(r)
            if v["script"] in ("Hani", "Jpan"):
                t = (self.pick(v["adj"]) if x < .4 else "") + a + v["and_"] + b + v["of"] + d + (e if x < .7 else "")
            else:
                t = a + v["and_"] + b + (" " + self.pick(v["adj"]) if x < .4 else "") + " - " + d + " " + e
            return t
        adj = self.pick(v["adj"]).lower() + " " if x < .45 else ""
        if x < .3:
            t = adj + a + v["and_"] + b + v["in_"] + place
        elif x < .55:
            t = adj + a + ", " + noun(r) + v["and_"] + b + v["in_"] + place
        elif x < .8:
            t = adj + a + v["in_"] + place + ", " + str(1500 + int(r() * 450)) + "-" + str(1951 + int(r() * 70)) if not art else \
                adj + a + v["and_"] + noun(r) + " " + noun(r) + v["in_"] + place + " " + b
        else:
            t = adj + noun(r) + " " + a + v["and_"] + b + v["in_"] + place
        t = self.pick(v["open"]) + t
        return t[0].upper() + t[1:]

    def sub(self, c):
        s = self.pick(L[c]["subs"])
        if "{" in s:
            s = s.format(P=self.p.place[c](self.r) if self.p.place[c] else "", S=self.p.auth[c](self.r)[0].split(",")[0])
        return s

    def authors(self, c, n):
        out, seen = [], set()
        for _ in range(n):
            a = self.p.auth[c](self.r)
            k = akey(a[0])
            if k not in seen:
                seen.add(k)
                out.append(a)
        return out

    def desc(self, c, n):
        s = self.p.sent[c]
        return [self.pick(s) for _ in range(n)]

    def work(self, kind=None, lang=None):
        r, x = self.r, self.r()
        if kind is None:
            kind = "book" if x < .5 else "article" if x < .86 else "conf" if x < .93 else "serial" if x < .96 else "av"
        w = dict(kind=kind, t="", sub="", n="", p="", authors=[], editors=[], corp="", isbn=[], issn=[], doi="", side=set(), lang2=[], alt=[],
                 host="", vol="", iss="", sp=0, ep=0, pform=0, edition="", phys="", series="", urls=[], oclc=0, sep=0, fmt="print",
                 resp=True, desc=[], fixed=False, code=self.num())
        w["topics"] = list(dict.fromkeys(self.pick(TOPICS) for _ in range(1 + int(r() * 3))))
        if kind in ("article", "conf"):
            j = self.p.jtab(r)
            c = lang or j["lang"]
            y = int(2024 - abs(self.rng.gauss(0, 14)))
            w.update(lang=c, t=self.title(c, True), year=max(1900, y), pub=j["pub"], place="", vol=str(1 + int(r() * 120)), iss=str(1 + int(r() * 12)),
                     host=j["title"], abbr=j["abbr"], issn=[j["issn"]], sp=1 + int(r() * 1300))
            w["ep"] = w["sp"] + 4 + int(r() * 26)
            w["authors"] = self.authors(c, self.pick((1, 1, 2, 2, 3, 3, 4, 5, 6)))
            if kind == "conf":
                w["host"] = "Proceedings of the " + self.pick(("International", "European", "Nordic", "Annual")) + " Conference on " + self.p.noun["en"](r).capitalize() + ", " + self.p.place["en"](r)
                w.update(abbr="Proc. " + w["host"][19:], issn=[], vol="", iss="")
            if r() < .8 and y >= 1975:
                w["doi"] = "10.%d/%s.%d.%05d" % (5000 + len(j["title"]) * 17 % 4000, j["code"], w["year"], self.num() % 10 ** 7)
            w["urls"] = ["https://journals.example.org/%s/article/%d" % (j["code"], w["code"])]
            w["src"] = self.pick(ART_SRC)
            w["desc"] = self.desc(c, 7 + int(r() * 7))
        else:
            c = lang or self.p.langs(r)
            w.update(lang=c, t=self.title(c), year=max(1850, min(2024, int(2024 - abs(self.rng.gauss(0, 22))))), pub=self.pick(PUBLISHERS), place=self.pick(PLACES_PUB))
            w["authors"] = self.authors(c, self.pick((1, 1, 1, 1, 2, 2, 3)))
            pages = 60 + int(r() * 700)
            w["pages"] = pages
            w["phys"] = "%d %s" % (pages, {"de": "Seiten", "fr": "pages", "es": "páginas", "sv": "s.", "ru": "с."}.get(c, "p."))
            if w["year"] >= 1970:
                w["isbn"] = [self.isbn(c)]
            if r() < .3:
                w["series"] = "Publications of the Institute of " + self.p.noun["en"](r).capitalize()
            if r() < .7:
                w["oclc"] = 1000000 + (self.num() * 7654321 + 99) % 990000000
            w["src"] = self.pick(BOOK_SRC)
            w["desc"] = self.desc(c, 5 + int(r() * 6))
            if r() < .15 and len(w["authors"]) > 1:
                w["editors"] = [w["authors"].pop()]
            if kind == "serial":
                w.update(t=("Report of the " if c == "en" else "") + "Institute of " + self.p.noun["en"](r).capitalize() + " of " + town(w["code"]), lang="en", authors=[], editors=[],
                         isbn=[], phys="volumes", pages=0, src=self.pick(MARC_SRC), series="", fmt="serial", fixed=True)
                w["issn"] = [issn("%07d" % ((w["code"] * 104729 + 5000011) % 10000000))]
            elif kind == "av":
                w["fmt"] = self.pick(("score", "audio", "video"))
                w.update(phys={"score": "1 score (%d pages)" % (pages // 8), "audio": "1 audio disc", "video": "1 videodisc"}[w["fmt"]], pages=0, isbn=[], src=self.pick(MARC_SRC))
        if r() < .35 and c != "xx" and w["t"] and kind != "serial":
            w["sub"] = self.sub(w["lang"])
        w["sep"] = int(r() * 4)
        return w

    # -- works that look alike and are not the same
    def lookalikes(self):
        x, r = self.r(), self.r
        out = []
        if x < .17:                                   # later editions
            w = self.work("book")
            w["edition"] = "1st ed."
            out = [w]
            for k in range(2, 2 + self.pick((1, 1, 2))):
                d = clone(w)
                d.update(year=w["year"] + (k - 1) * self.pick((3, 4, 6)), edition="%d%s ed." % (k, {2: "nd", 3: "rd"}[k]), code=self.num(), oclc=0)
                d["year"] = min(d["year"], 2025)
                if d["year"] - out[-1]["year"] < 2:
                    break
                d["isbn"] = [self.isbn(w["lang"])] if d["year"] > 1970 else []
                self.pages(d)
                out.append(d)
        elif x < .34:                                 # numbered parts
            w = self.work("book")
            lab = self.pick(("Vol. %d", "Part %d", "Volume %d") if w["lang"] != "de" else ("Bd. %d", "Band %d", "Teil %d"))
            for k in range(1, 2 + self.pick((1, 1, 2))):
                d = clone(w)
                d.update(n=lab % k, year=min(2024, w["year"] + k // 2), code=self.num(), oclc=0, fixed=True)
                d["isbn"] = [self.isbn(w["lang"])] if w["isbn"] else []
                self.pages(d)
                out.append(d)
        elif x < .45:                                 # yearly reports and proceedings
            w = self.work("book", "en")
            body = town(w["code"])
            w.update(authors=[], editors=[], corp="Institute of " + self.p.noun["en"](r).capitalize() + " of " + body, sub="", isbn=[], series="", src=self.pick(MARC_SRC), fixed=True)
            gen = r() < .5
            for k in range(2 + int(r() * 2)):
                d = clone(w)
                d["year"] = w["year"] - k
                d["t"] = self.pick(("Annual report", "Proceedings")) if gen and not k else out[0]["t"] if gen else "Annual report %d" % d["year"]
                d["oclc"] = 0
                d["code"] = self.num()
                self.pages(d)
                out.append(d)
        elif x < .52:                                 # generic titles
            w = self.work("article", "en")
            w.update(t=self.pick(("Editorial", "Introduction", "Preface", "Book review")), sub="", desc=[], fixed=True)
            d = clone(w)
            self.move(d)
            d["iss"] = str(int(w["iss"]) % 12 + 1)
            d["authors"] = self.authors("en", 1)
            if self.r() < .5:
                d["authors"] = w["authors"]
                d["year"] = w["year"] - 2
            out = [w, d]
        elif x < .66:                                 # part I / part II
            w = self.work("article")
            w["sub"] = ""
            base = w["t"]
            st = self.pick((("%s. I", "%s. II"), ("%s, part 1", "%s, part 2"), ("I. %s", "II. %s") if w["lang"] == "en" else ("%s. 1", "%s. 2")))
            d = clone(w)
            self.move(d)
            w["t"], d["t"] = st[0] % base, st[1] % base
            d["desc"] = self.desc(w["lang"], 8)
            w["fixed"] = d["fixed"] = True
            out = [w, d]
        elif x < .78:                                 # erratum, reply, review of
            w = self.work("article", "en")
            d = clone(w)
            self.move(d)
            d["t"] = self.pick(("Erratum to: %s", "Reply to %s", "Review of %s", "Comment on %s", "%s - a response")) % w["t"]
            d["t"] = d["t"].replace("Erratum to: ", "Erratum to ")
            d["ep"] = d["sp"] + 1
            d["desc"], d["fixed"] = [], True
            if "Review" in d["t"] or "Comment" in d["t"]:
                d["authors"] = self.authors("en", 1)
            out = [w, d]
        elif x < .84:                                 # translation
            w = self.work("book", "en")
            w["src"] = self.pick(MARC_SRC)
            c = self.pick(("de", "fr", "es", "it"))
            d = clone(w)
            d.update(lang=c, lang2=["English"], t=self.title(c), sub="", alt=[w["t"]], year=min(2024, w["year"] + 2), code=self.num(), oclc=0, pub=self.pick(PUBLISHERS))
            d["isbn"] = [self.isbn(c)] if d["isbn"] else []
            self.pages(d)
            out = [w, d]
        elif x < .90:                                 # print and e-book
            w = self.work("book")
            w["year"] = max(w["year"], 2001)
            w["isbn"] = [self.isbn(w["lang"])]
            w["src"] = self.pick(MARC_SRC)
            d = clone(w)
            d.update(fmt="ebook", isbn=[self.isbn(w["lang"])], phys="1 online resource", code=self.num(), oclc=0, src=(w["src"] + 1 + int(r() * 5)) % 6)
            d["urls"] = ["https://ebooks.example.org/book/%d" % d["code"]]
            out = [w, d]
        elif x < .95:                                 # conference abstract and paper
            w = self.work("article", "en")
            d = clone(w)
            self.move(d)
            d.update(kind="conf", host="Abstracts of the Annual Meeting on " + self.p.noun["en"](r).capitalize(), vol="", iss="", issn=[], desc=w["desc"][:2], fixed=True)
            d["ep"] = d["sp"] + 1
            d["abbr"], w["fixed"] = d["host"], True
            d["year"] = w["year"] - 1
            out = [w, d]
        else:                                         # chapters of one book
            w = self.work("book")
            w["year"] = max(w["year"], 1990)
            w["isbn"] = [self.isbn(w["lang"])]
            w["src"] = s = self.pick(MARC_SRC)
            out = [w]
            p = 5
            for _ in range(2):
                d = self.work("article", w["lang"])
                d.update(kind="chapter", host=w["t"], abbr=w["t"], vol="", iss="", issn=[], isbn=list(w["isbn"]), year=w["year"], pub=w["pub"], sp=p, ep=p + 18, doi="", urls=[], src=s)
                p += 20
                out.append(d)
            for d in out:
                d["side"].add("I007")
                d["fixed"] = True
        if len(out) > 1 and out[0]["n"] and len(out) > 1:
            for d in out:
                d["parts"] = True
        return out

    def pages(self, d):
        if d.get("pages"):
            old = d["pages"]
            d["pages"] = 60 + (old + 37 + int(self.r() * 300)) % 700
            d["phys"] = d["phys"].replace(str(old), str(d["pages"]), 1)

    def move(self, d):
        d["code"] = self.num()
        n = d["ep"] - d["sp"]
        d["sp"] = 1 + (d["sp"] + 40 + int(self.r() * 900)) % 1300
        d["ep"] = d["sp"] + n + 1
        if d["doi"]:
            d["doi"] = d["doi"].rsplit(".", 1)[0] + ".%05d" % (self.num() % 10 ** 7)
        d["urls"] = [u.rsplit("/", 1)[0] + "/%d" % d["code"] for u in d["urls"]]

    # -- the same work from another library
    def copy(self, w, src):
        d, r = clone(w), self.r
        d["src"] = src
        d["code"] = w["code"]
        d["sep"] = int(r() * 4)
        d["resp"] = r() < .8
        d["side"] = set(x for x in w["side"] if x == "I007")
        d["urls"] = [u.replace("journals.", "www%d." % src) for u in w["urls"]]
        d["oclc"] = w["oclc"] if r() < .5 else 0
        strong = bool(d["doi"] or d["isbn"])
        harm = 0
        for _ in range(self.pick((1, 2, 2, 3, 3, 4))):
            x = int(r() * 19)
            if d["fixed"] and x in (0, 1, 2, 5, 8, 11, 13):
                continue
            if x in (0, 1) and harm < 2 and len(d["t"]) > 12:
                d["t"] = self.typo(d["t"])
                harm += 1
            elif x == 2 and d["sub"] and len(d["sub"]) < .6 * len(d["t"]) and harm < 2:
                d["sub"] = ""
                harm += 1
            elif x in (3, 4) and d["authors"]:
                d["authors"] = [(initials(a[0]), a[1]) for a in d["authors"]]
            elif x == 5 and len(d["authors"]) > 1:
                i = int(r() * (len(d["authors"]) - 1))
                a = d["authors"]
                a[i], a[i + 1] = a[i + 1], a[i]
            elif x == 6:
                if strong or len(d["authors"]) > 0:
                    for k in ("doi", "isbn", "issn", "vol", "iss", "series", "edition" if not w["edition"] else "series", "desc"):
                        if r() < .3:
                            d[k] = type(d[k])()
                    if not d["doi"] and not d["isbn"]:
                        strong = False
            elif x == 7 and d["desc"]:
                d["desc"] = d["desc"][:3]
            elif x == 8 and strong and not w["edition"]:
                y = d["year"] + (1 if r() < .5 else -1)
                d["year"] = min(y, 2024)
            elif x == 9:
                f = digraphs if r() < .5 and d["lang"] in ("de", "sv", "da") else strip_marks
                if L[d["lang"]]["script"] == "Latn":
                    d["t"], d["sub"], d["host"] = f(d["t"]), f(d["sub"]), f(d["host"])
                    d["authors"] = [(f(a[0]), a[1]) for a in d["authors"]]
                    d["editors"] = [(f(a[0]), a[1]) for a in d["editors"]]
            elif x == 10 and L[d["lang"]]["script"] in ("Latn", "Cyrl"):
                y = r()
                d["t"] = d["t"].title().replace("'S ", "'s ") if y < .9 else d["t"].upper() if y < .95 else d["t"].lower()
            elif x == 11 and len(d["authors"]) > 2:
                d["authors"] = d["authors"][:1] if r() < .6 or not strong else d["authors"][1:]
            elif x == 12 and d["host"] and d["kind"] != "chapter":
                d["host"] = d.get("abbr") or d["host"]
            elif x == 13 and " and " in d["t"]:
                d["t"] = d["t"].replace(" and ", " & ", 1)
            elif x == 14 and d["isbn"] and len(d["isbn"][0]) == 13 and d["isbn"][0][:3] == "978":
                i = d["isbn"][0]
                d["isbn"] = [isbn10(i) if r() < .7 else i[:3] + "-" + i[3:4] + "-" + i[4:8] + "-" + i[8:12] + "-" + i[12]]
            elif x == 15:
                d["pform"] = 1 + int(r() * 2)
            elif x == 16 and d["doi"]:
                y = r()
                if y < .6:
                    d["doi"] = d["doi"].upper()
                elif y < .65:
                    d["doi_field"] = "doi:" + d["doi"]
                    d["side"].add("I005")
                else:
                    d["urls"] = d["urls"] + ["https://doi.org/" + d["doi"]]
            elif x == 17 and not d["fixed"] and strong and harm < 2 and r() < .3 and d["authors"]:
                k = self.pick(("E001", "E003", "E004", "E006"))
                if self.damage(d, k):
                    harm += 1
            elif x == 18 and L[d["lang"]]["script"] == "Cyrl" and r() < .5 and not w["isbn"] and not w["doi"] and not d["fixed"]:
                romanise(d)
        if not d["doi"]:
            d["urls"] = [u for u in d["urls"] if "doi.org" not in u]
        return d

    def typo(self, s):
        r = self.r
        i = 4 + int(r() * (len(s) - 8))
        x = r()
        if not (s[i].isalpha() and s[i + 1].isalpha()):
            return s
        if x < .35:
            return s[:i] + s[i + 1:]
        if x < .7:
            return s[:i] + s[i + 1] + s[i] + s[i + 2:] if s[i] != s[i + 1] else s[:i] + s[i + 1:]
        return s[:i] + s[i] + s[i:]

    def damage(self, d, rule):
        """Plant a text defect in the title; True when it could be done."""
        t = d["t"]
        if rule == "E001":
            for c in "éöäáñåçã":
                if c in t:
                    d["t"] = t.replace(c, c.encode().decode("cp1252", "replace")) if "\ufffd" not in c.encode().decode("cp1252", "replace") else t
                    break
            if d["t"] == t or "\u00a0" in d["t"] or "\u00ad" in d["t"]:
                d["t"] = t
                return False
            d["side"].add("W007")
        elif rule == "E002":
            i = next((i for i in range(3, len(t) - 1) if t[i].isalpha() and t[i - 1].isalpha()), 0)
            if not i:
                return False
            d["t"] = t[:i] + "\ufffd" + t[i + 1:]
        elif rule == "E003":
            if " and " not in t:
                return False
            d["t"] = t.replace(" and ", " &amp; ", 1)
            d["side"].add("W007")
        elif rule == "E004":
            ws = t.split(" ")
            if len(ws) < 4 or not ws[-2].isalpha():
                return False
            ws[-2] = "<i>" + ws[-2] + "</i>"
            d["t"] = " ".join(ws)
            d["side"].add("W007")
        elif rule == "E005":
            d["t"] = nfd(t)
            if d["t"] == t:
                return False
        elif rule == "E006":
            if " " not in t:
                return False
            d["t"] = t[:t.rindex(" ")] + ("\u00a0" + t[t.rindex(" ") + 1:] if self.r() < .5 else " " + t[t.rindex(" "):])
        d["side"].add(rule)
        return True


def clone(w):
    d = dict(w)
    for k in ("authors", "editors", "isbn", "issn", "urls", "topics", "lang2", "alt"):
        d[k] = list(w[k])
    d["side"] = set(w["side"])
    return d


def initials(a):
    s, _, g = a.partition(", ")
    if not g or not g[0].isalpha() or ord(g[0]) > 0x590:
        return a
    return s + ", " + " ".join(x[0] + "." for x in g.split())


def strip_marks(s):
    if s.isascii():
        return s
    return "".join(STROKE.get(c, STROKE.get(c.lower(), c).upper() if c.lower() in STROKE else c) for c in nfd(s) if cat(c) != "Mn").replace("ß", "ss").replace("æ", "ae").replace("Æ", "Ae")


_DI = str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss", "Ü": "Ue", "Ö": "Oe", "Ä": "Ae", "å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe", "æ": "ae", "Æ": "Ae"})


def digraphs(s):
    return s if s.isascii() else strip_marks(s.translate(_DI))


_ROM = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяёєії", "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e iu ia e ie i i".split()))


def rom(s):
    out = []
    for c in s:
        x = _ROM.get(c.lower(), c)
        x = "" if x == "_" else x
        out.append(x.capitalize() if c != c.lower() else x)
    return "".join(out)


def romanise(d):
    d["t"], d["sub"], d["host"] = rom(d["t"]), rom(d["sub"]), rom(d["host"])
    d["authors"] = [(rom(a[0]), a[1]) for a in d["authors"]]
    d["editors"] = [(rom(a[0]), a[1]) for a in d["editors"]]
    d["issn"] = []
    d["oclc"] = 0
    d["desc"] = []


# ---------------------------------------------------------------- documents

def x(s):
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def stop(s):
    return s if s[-1] in ".?!" else s + "."


def pages(w):
    sp, ep, f = w["sp"], w["ep"], w["pform"]
    if f == 1:
        a, b = str(sp), str(ep)
        i = 0
        if len(a) == len(b):
            while i < len(a) - 1 and a[i] == b[i]:
                i += 1
        return a + "-" + b[i:]
    if f == 2:
        return "pp. %d–%d" % (sp, ep)
    return "%d-%d" % (sp, ep)


LEN_TRAP = {100, 128, 200, 245, 250, 254, 255, 256, 500, 512}
SEPS = (" - ", ". ", " – ", " ; ")
FORMATS = {"marc": {"print": "Book", "ebook": "eBook", "score": "Musical Score", "audio": "CD", "video": "DVD", "serial": "Journal"}}


def render(w, rid, stamp, lean=False):
    """The VuFind document of a work, as its source's importer makes it. `stamp` = (version, first_indexed, last_indexed)."""
    _, inst, coll, fam, rf = SOURCES[w["src"]]
    lang = w.get("langname") or L[w["lang"]]["name"]
    t, sub, n, p = w["t"], w["sub"], w["n"], w["p"]
    au = [a[0] for a in w["authors"]]
    ed = [a[0] for a in w["editors"]]
    doc = {"id": rid, "_version_": stamp[0], "institution": [inst], "collection": [coll], "record_format": rf}
    if lang:
        doc["language"] = [lang] + [q for q in w["lang2"] if fam == "marc"]
    kind = w["kind"]
    year = str(w["year"])
    art = kind in ("article", "conf", "chapter")
    if art:
        f = ["Book Chapter"] if kind == "chapter" else ["Article"] if fam != "xl" else ["Online", "Article"]
    else:
        f = [FORMATS["marc"][w["fmt"]]] if fam == "marc" or w["fmt"] != "print" else ["Book"]
    doc["format"] = f
    if fam == "marc":
        if any(q[1] and int(q[1][:4]) + 18 > w["year"] for q in w["authors"] + w["editors"]):
            w = clone(w)
            for k in ("authors", "editors"):
                w[k] = [q if not q[1] or int(q[1][:4]) + 18 <= w["year"] else (q[0], "") for q in w[k]]
        names = [a[0] + (", " + a[1] if a[1] else "") for a in w["authors"]]
        enames = [a[0] + (", " + a[1] if a[1] else "") for a in w["editors"]]
        c = ""
        if w["resp"] and (au or ed or w["corp"]):
            c = "; ".join([direct(a) for a in au] + ["edited by " + direct(a) for a in ed]) or w["corp"]
            c = stop(c)
        skip = w.get("skip")
        if skip is None:
            skip = nonfiling(t, lang or "")
        a = t + (" :" if sub else "." if n and t[-1] != "." else "" if n else " /" if c else "" if t[-1] in ".?!" else ".")
        b = n_ = p_ = ""
        if sub:
            b = sub + ("." if n else " /" if c else "" if sub[-1] in ".?!" else ".")
        if n:
            n_ = n + ("," if p else " /" if c else ".")
        if p:
            p_ = p + (" /" if c else ".")
        title = a + " " + b if b else a
        doc["title"], doc["title_short"] = title, a
        if b:
            doc["title_sub"] = b
        full = " ".join(q for q in (a, b, n_, p_, c) if q)
        doc["title_auth"] = title
        ts = g3(a, b, p_, skip)
        k1 = key(a + b + n_)
        keys_t = [k1]
        if skip:
            k2 = key(a[skip:] + b + n_)
            if k2 and k2 != k1:
                keys_t.append(k2)
        titles = []
        for q in w["alt"]:
            titles.append(key(q))
        keys_t = titles + keys_t
        persons = ([akey(au[0])] if au else []) + ([akey(w["corp"])] if w["corp"] else []) + [akey(q) for q in au[1:] + ed]
        wk = list(dict.fromkeys("AT " + q + " " + tt for tt in keys_t if tt for q in persons if q))
        if names:
            doc["author"] = names
            doc["author_variant"] = [variant(q) for q in au]
            doc["author_role"] = [""] + ["aut"] * (len(names) - 1)
        if enames:
            doc["author2"] = enames
            doc["author2_variant"] = [variant(q) for q in ed]
            doc["author2_role"] = ["edt"] * len(enames)
        if w["corp"]:
            doc["author_corporate"] = [w["corp"]]
            doc["author_corporate_role"] = [""]
        facet = names + enames + ([w["corp"]] if w["corp"] else [])
        srt = names[0] if names else w["corp"] or (enames[0] if enames else "")
        if w["alt"]:
            doc["title_alt"] = list(w["alt"])
    else:
        if fam == "rm":
            title = t + (" : " + sub if sub else "") + (". " + n if n else "") + (", " + p if p else "")
            i = title.find(" : ")
            doc["title"] = title
            doc["title_short"] = title[:i] if i > 0 else title
            if i > 0:
                doc["title_sub"] = title[i + 3:]
            ts = rm_sort(title)
        else:
            title = t + ((w.get("join") or SEPS[w["sep"]]) + sub if sub else "") + (". " + n if n else "") + (", " + p if p else "")
            doc["title"] = doc["title_short"] = title
            ts = g2(title) if fam == "xc" else g1(title)
        full = title
        names = au + ed + ([w["corp"]] if w["corp"] else [])
        if names:
            doc["author"] = names
        facet = names
        srt = names[0] if names else ""
        k1 = key(title)
        if fam == "rm":
            k2 = key(rm_filing(title))
            ts_keys = [k2, k1] if k1 != k2 else [k1]
            wk = ["AT " + akey(q) + " " + tt for tt in ts_keys if tt for q in names[:1]]
        else:
            k2 = key(g1(title))
            ts_keys = [k1, k2] if k1 != k2 else [k1]
            wk = ["AT " + akey(q) + " " + tt for tt in ts_keys if tt for q in names]
    if (len(title) > 96 or not title.isascii()) and (len(title) in LEN_TRAP or len(title.encode()) in LEN_TRAP) and not w.get("keep_length"):
        v = clone(w)
        i = len(t) // 2
        v["t"] = t[:i] + t[i] + t[i:] if t[i] != " " else t[:i - 1] + t[i - 1:i] + t[i - 1:]
        return render(v, rid, stamp, lean)
    doc["title_full"] = doc["title_fullStr"] = doc["title_full_unstemmed"] = full
    if ts:
        doc["title_sort"] = ts
    if facet:
        doc["author_facet"] = list(facet)
        doc["author_sort"] = srt
    if wk:
        doc["work_keys_str_mv"] = wk
    doc["publishDate"] = [year]
    if w["pub"]:
        doc["publisher"] = [w["pub"]]
    if w["edition"]:
        doc["edition"] = w["edition"]
    if w["phys"]:
        doc["physical"] = [w["phys"]]
    if w["isbn"]:
        doc["isbn"] = w["isbn"]
    if w["issn"]:
        doc["issn"] = w["issn"]
    ctrl = []
    if fam == "marc":
        ctrl.append("(%s)%s" % (inst.split()[0].upper(), rid.split("-")[-1]))
        if w["oclc"]:
            ctrl.append("(OCoLC)%d" % w["oclc"])
            doc["oclc_num"] = [str(w["oclc"])]
        doc["ctrlnum"] = ctrl
    urls = w["urls"]
    if urls:
        doc["url"] = list(urls)
    if w["doi"]:
        doc["doi_str_mv"] = [w.get("doi_field") or w["doi"]]
    if w["host"]:
        doc["container_title"] = w["host"]
        if w["vol"]:
            doc["container_volume"] = w["vol"]
        if w["iss"]:
            doc["container_issue"] = w["iss"]
        if w["sp"]:
            doc["container_start_page"] = str(w["sp"])
            ref = (w["vol"] + ("(" + w["iss"] + ")" if w["iss"] else "") + ", " if w["vol"] else "") + pages(w)
            doc["container_reference"] = ref
    if w["series"]:
        doc["series"] = [w["series"]]
    doc["topic"] = w["topics"]
    doc["topic_facet"] = w["topics"]
    doc["first_indexed"], doc["last_indexed"] = stamp[1], stamp[2]
    if lean:
        return doc
    ds = " ".join(w["desc"])
    if ds:
        doc["description"] = ds
    doc["spellingShingle"] = list(w["topics"]) + names + [title] + ([w["series"]] if w["series"] else [])
    date = year if fam == "marc" or w.get("nodate") else "%s-%02d-%02d" % (year, 1 + w["code"] % 12, 1 + w["code"] % 28)
    doc["spelling"] = [" ".join(q for q in (
        rid + stamp[2][:10] if fam == "xl" else rid, full, " ".join(facet), w["host"], w["series"], " ".join(w["topics"]), ds, w["pub"], date,
        " ".join(w["isbn"] + w["issn"]), w["edition"], w["phys"], doc["doi_str_mv"][0] if w["doi"] else "", " ".join(urls), lang or "") if q)]
    if fam == "marc":
        doc["fullrecord"] = marcxml(w, doc, rid, stamp, (a, b, n_, p_, c), skip, names, enames, ctrl, ds)
    return doc


def direct(a):
    s, _, g = a.partition(", ")
    return g + " " + s if g else s


_F = '<datafield tag="%s" ind1="%s" ind2="%s">%s</datafield>'


def _s(code, v):
    return '<subfield code="%s">%s</subfield>' % (code, v if "&" not in v and "<" not in v else x(v))


CODES = {"English": "eng", "German": "ger", "French": "fre", "Spanish": "spa", "Italian": "ita", "Portuguese": "por", "Swedish": "swe", "Polish": "pol",
         "Dutch": "dut", "Czech": "cze", "Finnish": "fin", "Danish": "dan", "Turkish": "tur", "Hungarian": "hun", "Russian": "rus", "Ukrainian": "ukr",
         "Greek, Modern (1453-)": "gre", "Hebrew": "heb", "Arabic": "ara", "Chinese": "chi", "Japanese": "jpn", "Korean": "kor"}


def marcxml(w, doc, rid, stamp, t245, skip, names, enames, ctrl, ds):
    lv = {"article": "b", "conf": "b", "chapter": "a", "serial": "s"}.get(w["kind"], "m")
    ty = {"score": "c", "audio": "j", "video": "g"}.get(w["fmt"], "a")
    lc = CODES.get((doc.get("language") or [""])[0], "und")
    o = ['<?xml version="1.0" encoding="UTF-8"?><collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000n%s%s a2200000   4500</leader>'
         '<controlfield tag="001">%s</controlfield><controlfield tag="005">%s.0</controlfield><controlfield tag="008">%ss%d    xx            000 0 %s d</controlfield>'
         % (ty, lv, rid, stamp[2].translate({45: None, 58: None, 84: None, 90: None}), stamp[1][2:10].replace("-", ""), w["year"], lc)]
    for i in w["isbn"] if w["kind"] != "chapter" else ():
        o.append(_F % ("020", " ", " ", _s("a", i)))
    if not w["host"]:
        for i in w["issn"]:
            o.append(_F % ("022", " ", " ", _s("a", i)))
    for q in ctrl:
        o.append(_F % ("035", " ", " ", _s("a", q)))
    o.append(_F % ("040", " ", " ", _s("a", "XX-" + rid[:3].upper()) + _s("b", "eng") + _s("e", "rda")))
    if w["lang2"]:
        o.append(_F % ("041", "1", " ", _s("a", lc) + "".join(_s("h", CODES[q]) for q in w["lang2"])))
    for i, q in enumerate(w["authors"]):
        sf = _s("a", q[0] + ("," if q[1] else "")) + (_s("d", q[1]) if q[1] else "")
        o.append(_F % ("700" if i else "100", "1", " ", sf + (_s("4", "aut") if i else "")))
    if w["corp"]:
        o.append(_F % ("110", "2", " ", _s("a", w["corp"])))
    for q in w["alt"]:
        o.append(_F % ("240", "1", "0", _s("a", q)))
    o.append(_F % ("245", "1" if names else "0", skip, "".join(_s(k, v) for k, v in zip("abnpc", t245) if v)))
    if w["edition"]:
        o.append(_F % ("250", " ", " ", _s("a", w["edition"])))
    if not w["host"]:
        o.append(_F % ("264", " ", "1", _s("a", w["place"] + " :") + _s("b", w["pub"] + ",") + _s("c", "%d." % w["year"])))
    if w["phys"]:
        o.append(_F % ("300", " ", " ", _s("a", w["phys"])))
    o.append(_F % ("336", " ", " ", _s("a", "text") + _s("b", "txt") + _s("2", "rdacontent")))
    o.append(_F % ("337", " ", " ", _s("a", "unmediated") + _s("b", "n") + _s("2", "rdamedia")))
    o.append(_F % ("338", " ", " ", _s("a", "volume") + _s("b", "nc") + _s("2", "rdacarrier")))
    if w["series"]:
        o.append(_F % ("490", "1", " ", _s("a", w["series"])) + _F % ("830", " ", "0", _s("a", w["series"])))
    if w["kind"] == "book":
        o.append(_F % ("504", " ", " ", _s("a", "Includes bibliographical references and index.")))
    if ds:
        o.append(_F % ("520", "3", " ", _s("a", ds)))
    for q in w["topics"]:
        o.append(_F % ("650", " ", "4", _s("a", q)))
    for q in w["editors"]:
        o.append(_F % ("700", "1", " ", _s("a", q[0] + ("," if q[1] else "")) + (_s("d", q[1]) if q[1] else "") + _s("4", "edt")))
    if w["host"]:
        o.append(_F % ("773", "0", "8", _s("t", w["host"]) + (_s("g", doc["container_reference"]) if w["sp"] else "") + "".join(_s("x", i) for i in w["issn"])
                       + ("".join(_s("z", i) for i in w["isbn"]) if w["kind"] == "chapter" else "")))
    for u in w["urls"]:
        o.append(_F % ("856", "4", "0", _s("u", u)))
    o.append("</record></collection>")
    return "".join(o)


def side_findings(w, doc):
    """Rules a clean record still meets by its nature or by the damage a copy took."""
    s = set(w["side"])
    k = key(doc.get("title", ""))
    if k in GENERIC:
        s.add("T010")
        if "work_keys_str_mv" in doc:
            s.add("W005")
    t = doc.get("title", "")
    if not HAZARD.isdisjoint(t) or any(not HAZARD.isdisjoint(a) for a in doc.get("author_facet", ())):
        s.add("W007")
    if w.get("parts") and SOURCES[w["src"]][3] == "marc" and w["n"]:
        s.add("T011")
    if w["t"] == w["t"].upper() or w["t"] == w["t"].lower():
        cased = [c for c in t if c.lower() != c.upper()]
        up = sum(c != c.lower() for c in cased)
        if len(cased) >= 12 and len(t.split()) >= 3 and (up >= .8 * len(cased) or up == 0):
            s.add("T008")
    return s


# ---------------------------------------------------------------- planted defects

def latin(w):
    return L[w["lang"]]["script"] == "Latn"


XC, XL = (6, 7), (8, 9)


def plant(m, w, rule, rid, stamp, lean=False):
    """Render `w` with one defect; None when the work cannot carry it. `w` is changed."""
    art = w["kind"] in ("article", "conf")
    w = clone(w)
    post = None
    if rule == "T001":
        def post(d):
            title = d["title"]
            for k in ("title", "title_short", "title_sub", "title_full", "title_fullStr", "title_full_unstemmed", "title_sort", "title_auth", "work_keys_str_mv"):
                d.pop(k, None)
            if not lean:
                d["spellingShingle"].remove(title)
        if SOURCES[w["src"]][3] == "marc":
            return None
    elif rule == "T002":
        def post(d):
            d["title_sort"] = "zz " + d["title_sort"]
    elif rule == "T003":
        post = lambda d: d.pop("title_sort")
    elif rule == "T004":
        if w["sub"]:
            return None

        def post(d):
            d["title_short"] = "Index of " + d["title_short"][::-1].strip(" /.").lower()
    elif rule == "T005":
        def post(d):
            d["title_full"] = d["title_fullStr"] = d["title_full_unstemmed"] = "Reading room guide %d" % w["code"]
    elif rule == "T006":
        def post(d):
            d["title_fullStr"] = d["title_full"] + " (old)"
    elif rule == "T007":
        if w["src"] not in XC + XL or not latin(w) or len(w["t"].split()) < 2 or ":" in w["t"]:
            return None
        w.update(sub="a critical introduction", join=": ")
    elif rule == "T008":
        if not latin(w) or len(w["t"].split()) < 4 or "ß" in w["t"]:
            return None
        w.update(t=w["t"].upper(), sub="")
    elif rule == "T009":
        if w["src"] not in XC + XL or not latin(w):
            return None
        w.update(t=w["t"] + " after the years of drought ...", sub="")
    elif rule == "T012":
        if SOURCES[w["src"]][3] != "marc" or w["lang"] not in ("en", "de", "fr", "es"):
            return None
        w["t"] = {"en": "The ", "de": "Die ", "fr": "La ", "es": "La "}[w["lang"]] + (w["t"][nonfiling(w["t"], L[w["lang"]]["name"]):])
        w["skip"] = 0
    elif rule == "A001":
        if len(w["authors"]) < 2:
            return None
        post = lambda d: d["author_facet"].pop()
    elif rule == "A002":
        if len(w["authors"]) < 2 or w["corp"]:
            return None

        def post(d):
            d["author_sort"] = d["author"][1]
    elif rule == "A004":
        if w["src"] not in XC + XL or not w["authors"]:
            return None
        w["authors"].append(w["authors"][0])
    elif rule == "A006":
        if w["src"] not in XC + XL or not w["authors"] or not latin(w):
            return None
        w["authors"][0] = (w["authors"][0][0] + ",", "")
    elif rule == "A007":
        if w["src"] not in XC + XL or not w["authors"] or not latin(w):
            return None
        w["authors"][0] = (w["authors"][0][0] + m.pick((" (ed.)", "; Harlford, Edith")), "")
    elif rule == "A008":
        if w["src"] not in XC + XL:
            return None
        w["authors"] = [(m.pick(("Anonymous", "unknown", "Harlford, Edith, edith@library.example.org")), "")]
    elif rule == "L001":
        w["langname"] = ""
        post = lambda d: d.pop("language", None)
        if w["lang2"] or SOURCES[w["src"]][3] == "marc":
            return None
    elif rule == "L002":
        if w["lang"] != "en" or w["src"] not in XC + XL:
            return None
        w["langname"] = m.pick(("eng", "en-GB", "en"))
    elif rule == "L003":
        v = {"es": "Spanish / Castilian", "el": "Modern Greek (1453-)", "en": "Inglés"}.get(w["lang"])
        if not v or w["src"] not in XC + XL:
            return None
        w["langname"] = v
    elif rule == "L004":
        if w["lang"] not in ("ru", "el") or SOURCES[w["src"]][3] == "marc":
            return None
        w["langname"] = "English"
    elif rule == "W001":
        if not w["authors"]:
            return None
        post = lambda d: d.pop("work_keys_str_mv")
    elif rule == "W002":
        if not w["authors"] or not latin(w):
            return None

        def post(d):
            d["work_keys_str_mv"] = [k.rsplit(" ", 1)[0] + " formertitleofthiswork" for k in d["work_keys_str_mv"]]
    elif rule == "W003":
        if not w["authors"] or not latin(w):
            return None
        w["side"].add("W002")

        def post(d):
            k = d["work_keys_str_mv"]
            k[0] = m.pick((k[0].replace(" ", "  ", 1), "AT  " + k[0].split()[2], "AT " + k[0][3:].upper()))
            if "  " in k[0]:
                w["side"].add("E006")
    elif rule == "D001":
        w["nodate"] = True

        def post(d):
            d.pop("publishDate")
            if "spelling" in d:
                d["spelling"] = [d["spelling"][0].replace(" %d" % w["year"], "")]
    elif rule == "D002":
        if SOURCES[w["src"]][3] == "marc":
            return None

        def post(d):
            d["publishDate"] = [m.pick(("c%d.", "[%d?]", "%d-05-17")) % w["year"]]
    elif rule == "D003":
        w.update(year=2201, nodate=True, doi="")
        w["authors"] = [(a[0], "") for a in w["authors"]]
    elif rule == "I001":
        if not w["isbn"] or w["kind"] != "book":
            return None
        i = w["isbn"][0]
        w["isbn"] = [i[:-1] + str((int(i[-1]) + 3) % 10)]
    elif rule == "I002":
        if not w["isbn"] or w["kind"] != "book":
            return None
        w["isbn"] = [w["isbn"][0] + " (pbk.)"]
    elif rule == "I003":
        if not w["issn"]:
            return None
        i = w["issn"][0]
        w["issn"] = [i[:-1] + ("4" if i[-1] in "X9" else str((int(i[-1]) + 1) % 10))]
    elif rule == "I004":
        if not w["doi"]:
            return None
        w["urls"] = ["https://doi.org/" + w["doi"]]
        w["doi"] = ""
    elif rule == "I005":
        if not w["doi"]:
            return None
        w["doi_field"] = "doi:" + w["doi"] + "."
    elif rule == "U001":
        if not art:
            return None
        w["urls"] = [m.pick(("/articles/%d/", "http//journals.example.org/%d", "https://journals.example.org/the article %d")) % w["code"]]
    elif rule == "U002":
        if not art:
            return None
        w["urls"] = ["http://www.jstor.org/stable/%d" % w["code"]]
    elif rule == "U003":
        if not w["doi"]:
            return None
        w["urls"] = w["urls"] + ["http://dx.doi.org/" + w["doi"]]
    elif rule == "U004":
        if not art:
            return None
        u = "https://reports.example.net/item/%d" % w["code"]
        w["urls"] = [u, u.replace("https://", "https://www.") + "/"]
    elif rule == "U005":
        if not art:
            return None
        w["urls"] = ["https://www.ncbi.nlm.nih.gov/pubmed/%d" % (20000000 + w["code"] % 9000000)]
        w["side"].add("I004")
    elif rule == "F001":
        post = lambda d: d.pop("format")
    elif rule == "F002":
        if not art:
            return None

        def post(d):
            d["format"] = ["Journal", "Article"]
    elif rule == "F003":
        # SolrMarc's own calculator emits `Text`, so that there it is no defect beside other values.
        if not art or SOURCES[w["src"]][3] == "marc":
            return None

        def post(d):
            d["format"] = ["Online", "Article", "Text"]
    elif rule == "X002":
        if lean:
            return None

        def post(d):
            d["title_sort"], d["edition"] = d["title_sort"], ["1st ed.", "Reprint"]
    elif rule == "X008":
        w["topics"] = ["Collaboration list " + ("of the survey teams " * 1700).strip()]
    elif rule in ("E001", "E002", "E003", "E004", "E005", "E006"):
        if w["src"] not in XL or not latin(w) or not w["authors"]:
            return None
        w["sub"] = ""
        if rule in ("E001", "E005"):
            w.update(t="Études sur la lumière dans les musées de " + town(w["code"]), lang="fr")
        elif rule == "E003":
            w.update(t="Reading and memory in the valley of " + town(w["code"]), lang="en")
        if not m.damage(w, rule):
            return None
    else:
        raise KeyError(rule)
    w["side"].discard(rule)
    d = render(w, rid, stamp, lean)
    if post:
        post(d)
    side = side_findings(w, d) - {rule}
    return d, side


CORPUS_RULES = ("T001 T002 T003 T004 T005 T006 T007 T008 T009 T012 A001 A002 A004 A006 A007 A008 L001 L002 L003 L004 W001 W002 W003 D001 D002 D003 "
                "I001 I002 I003 I004 I005 U001 U002 U003 U004 U005 F001 F002 F003 X002 E001 E002 E003 E004 E005 E006").split()

_enc = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def line(doc):
    return _enc(doc) + "\n"
