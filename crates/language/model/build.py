#!/usr/bin/env python3
"""Builds data/ngrams.bin, the n-gram model of tamis-language. Standard library only.

    python3 crates/language/model/build.py [--cache DIR] [--output FILE]

Every source is fetched by cargo, npm or pip, pinned by version and sha256 (sources.txt); the result is the same byte
for byte. What the sources are and under which licences they stand is told in data/NOTICE.md; the file format in
src/model.rs.

Two tables come out:

- broad: all languages whose script is shared. Four-letter sequences and whole words, each with up to a handful of
  languages and weights of about 1.15 bits. From the tables of CLD2, and for languages which these lack from CLDR and
  Django texts.
- fine: the 64 languages of the lingua models that share a script with others. Sequences of one to five letters, each
  with the bits by which it raises the probability of its last letter over what the shorter sequence says. The sum over
  a text is the log-likelihood ratio of an interpolated five-gram model, up to a constant common to all languages.
"""

import argparse
import collections
import glob
import hashlib
import io
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))

# --- Parameters -------------------------------------------------------------------------------------------------------

BROAD_MIN_WEIGHT = 5        # an n-gram stays when its best language has at least this weight
BROAD_MIN_WORD_WEIGHT = 8   # the same for whole words
FINE_MIN_PROBABILITY = 2.0 ** -16   # of the n-gram among all n-grams of its length, in one language
INTERPOLATION = 0.9         # share of the longer history in the interpolated probability
LEVEL_WORDS = 1500          # words by which a language's usual level in the fine table is measured
LEVEL_MARGIN = 0.8          # words of a list are more its own than those of a text
LEVEL_UNKNOWN = 20.0        # the level of languages without such words
BUCKET = 16                 # mean entries per hash bucket: 4.25 bytes an entry, one cache line

# Bits of a broad weight and the probability of weight 0, measured on the languages that CLD2 and lingua share: the
# mean log2 probability of CLD2's four-letter sequences of weight w is -22 + 1.15 w (French -19.7 at 2, -12.5 at 9).
WEIGHT_BITS, WEIGHT_ZERO = 1.15, -22.0

# Scripts in which several languages are told apart by n-grams. All other languages of the tables are Latin.
SHARED = {
    "Cyrl": "ab az ba be bg cv kk ky mk mn os ru sr tg tk tt ug uk uz",
    "Arab": "ar az ckb fa ks ku ky ps sd ug ur",
    "Deva": "bh hi mr ne sa ks",
    "Beng": "as bn",
    "Hebr": "he yi",
    "Tibt": "bo dz",
    "Ethi": "am ti",
}
ALSO_LATIN = "az ku sr tk tt uz".split()
# Scripts which one language owns; Han and kana are told apart by their mixture.
SOLE = {
    "Grek": "el", "Armn": "hy", "Thaa": "dv", "Guru": "pa", "Gujr": "gu", "Orya": "or", "Taml": "ta", "Telu": "te",
    "Knda": "kn", "Mlym": "ml", "Sinh": "si", "Thai": "th", "Laoo": "lo", "Mymr": "my", "Geor": "ka", "Hang": "ko",
    "Cher": "chr", "Cans": "iu", "Khmr": "km", "Yiii": "ii", "Syrc": "syr", "Nkoo": "nqo", "Mong": "mn",
    "Tfng": "zgh", "Kana": "ja", "Hani": "zh", "Olck": "sat",
}
# Languages that CLD2 lacks, built from the CLDR and Django texts of these locales; ku and az in these scripts.
FROM_TEXT = {"az-Cyrl": "az"} | {tag: tag for tag in "bm ckb cv dsb ee hsb io kab ku os sc se".split()}

CLD2_TAGS = {"iw": "he", "jw": "jv", "no": "nb", "un": None, "xxx": None, "zzp": None, "tlh": None,
             "zh": None, "zh-Hant": None, "ja": None, "ko": None}

LINGUA = {
    "afrikaans": "af", "albanian": "sq", "arabic": "ar", "azerbaijani": "az", "basque": "eu", "belarusian": "be",
    "bengali": "bn", "bokmal": "nb", "bosnian": "bs", "bulgarian": "bg", "catalan": "ca", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "esperanto": "eo", "estonian": "et",
    "finnish": "fi", "french": "fr", "ganda": "lg", "german": "de", "hebrew": "he", "hindi": "hi", "hungarian": "hu",
    "icelandic": "is", "indonesian": "id", "irish": "ga", "italian": "it", "kazakh": "kk", "latin": "la",
    "latvian": "lv", "lithuanian": "lt", "macedonian": "mk", "malay": "ms", "maori": "mi", "marathi": "mr",
    "mongolian": "mn", "nynorsk": "nn", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "shona": "sn", "slovak": "sk", "slovene": "sl", "somali": "so", "sotho": "st",
    "spanish": "es", "swahili": "sw", "swedish": "sv", "tagalog": "tl", "tsonga": "ts", "tswana": "tn",
    "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi", "welsh": "cy", "xhosa": "xh",
    "yoruba": "yo", "zulu": "zu",
}


# --- Sources ----------------------------------------------------------------------------------------------------------

class Sources:
    """Pinned packages: file, client, package, version and sha256 per line of a file beside this one."""

    def __init__(self, cache, listed="sources.txt"):
        self.cache = os.path.abspath(cache)
        os.makedirs(self.cache, exist_ok=True)
        self.table = {}
        with open(os.path.join(HERE, listed), encoding="utf-8") as lines:
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    name, client, package, version, digest = line.split()
                    self.table[name] = (client, package, version, digest)

    def get(self, name):
        client, package, version, digest = self.table[name]
        path = os.path.join(self.cache, name)
        if not os.path.exists(path):
            with tempfile.TemporaryDirectory() as folder:
                shutil.copyfile(FETCH[client](package, version, folder), path)
        with open(path, "rb") as file:
            data = file.read()
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            sys.exit(f"{name}: sha256 is {found}, not {digest}")
        return data


def fetch_cargo(package, version, folder):
    """The .crate file, as cargo keeps it in a home of its own."""
    os.makedirs(os.path.join(folder, "src"))
    with open(os.path.join(folder, "src", "lib.rs"), "w", encoding="utf-8"):
        pass
    with open(os.path.join(folder, "Cargo.toml"), "w", encoding="utf-8") as file:
        file.write(f'[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\n{package} = "={version}"\n')
    home = os.environ | {"CARGO_HOME": os.path.join(folder, "home")}
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=folder, env=home, check=True)
    return glob.glob(os.path.join(folder, "home", "registry", "cache", "*", f"{package}-{version}.crate"))[0]


def fetch_npm(package, version, folder):
    subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return glob.glob(os.path.join(folder, "*.tgz"))[0]


def fetch_pip(package, version, folder):
    """The wheel for any machine, or the source where there is none."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    wheel = subprocess.run([*command, "--only-binary", ":all:", "--platform", "any", f"{package}=={version}"], check=False)
    if wheel.returncode != 0:
        subprocess.run([*command, "--no-binary", ":all:", f"{package}=={version}"], check=True)
    return [path for path in glob.glob(os.path.join(folder, "*")) if os.path.isfile(path)][0]


FETCH = {"cargo": fetch_cargo, "npm": fetch_npm, "pip": fetch_pip}


# --- Letters and words ------------------------------------------------------------------------------------------------

def is_letter(char):
    return unicodedata.category(char)[0] in "LM"


def words(text):
    out, word = [], []
    for char in unicodedata.normalize("NFC", text).lower():
        if is_letter(char):
            word.append(char)
        elif word:
            out.append("".join(word))
            word = []
    if word:
        out.append("".join(word))
    return out


def quads(word):
    """Four-letter sequences; `_` marks the word's start and end."""
    if len(word) <= 4:
        return ["_" + word + "_"]
    middle = [word[at:at + 4] for at in range(1, len(word) - 4)]
    return ["_" + word[:4], *middle, word[-4:] + "_"]


def head(word):
    """The word as the word table knows it: at most eight letters."""
    return "_" + word[:8] + ("_" if len(word) <= 8 else "")


def weight(probability):
    return round((math.log2(probability) - WEIGHT_ZERO) / WEIGHT_BITS)


# --- CLD2 -------------------------------------------------------------------------------------------------------------

def is_latin(token):
    return all(c == "_" or ord(c) < 0x2B0 or 0x1E00 <= ord(c) < 0x2000 or 0x2C60 <= ord(c) < 0x2C80
               or 0xA720 <= ord(c) < 0xA800 for c in token)


class Cld2:
    """The tables of pycld2's sources: hash slots with the n-grams as comments, and the lists they point to."""

    def __init__(self, archive):
        self.archive = tarfile.open(fileobj=io.BytesIO(archive))
        self.names = {os.path.basename(n): n for n in self.archive.getnames()}
        text = self.read("generated_language.cc")
        codes = dict(zip(self.strings(text, "kLanguageToCName"), self.strings(text, "kLanguageToCode")))
        self.languages = []
        for name in ("kPLangToLanguageLatn", "kPLangToLanguageOthr"):
            found = re.findall(r"^\s*([A-Za-z_0-9]+),", self.array(text, name), re.M)
            self.languages.append([codes.get(x) for x in found])
        numbers = re.sub(r"//.*", "", self.array(self.read("cldutil_shared.h"), "kLgProbV2Tbl"))
        numbers = [int(x) for x in re.findall(r"\d+", numbers)]
        self.probabilities = [numbers[i * 8 + 5:i * 8 + 8] for i in range(240)]

    def read(self, name):
        return self.archive.extractfile(self.names[name]).read().decode("utf-8")

    @staticmethod
    def array(text, name):
        return re.search(name + r"\[[^\]]*\]\s*=\s*\{(.*?)\n\s*\};", text, re.S).group(1)

    def strings(self, text, name):
        return re.findall(r'^\s*"([^"]*)",', self.array(text, name), re.M)

    def table(self, file, name):
        """n-gram -> {tag: weight}"""
        text = self.read(file)
        mask = int(re.search(name + r"KeyMask = (0x[0-9a-f]+)", text).group(1), 16)
        single = int(re.search(name + r"SizeOne = (\d+)", text).group(1))
        lists = re.sub(r"//.*", "", self.array(text, name + "Ind"))
        lists = [int(x, 16) for x in re.findall(r"0x([0-9a-f]{8})", lists)]
        out = {}
        for line in self.array(text, name).split("\n"):
            code, _, comment = line.partition("//")
            keys = re.findall(r"0x([0-9a-f]{8})", code)
            tokens = [x.strip(" ,") for x in re.sub(r"^ \[[0-9a-f]+\]", "", comment).strip().split(", ")]
            if len(keys) != 4 or len(tokens) < 4:
                continue
            for key, token in zip(keys, tokens):
                value = int(key, 16)
                if value == 0 or token in ("--", ""):
                    continue
                at = value & ~mask & 0xFFFFFFFF
                packed = [lists[at]] if at < single else lists[single + (at - single) * 2:][:2]
                entry = self.unpack(packed, self.languages[0 if is_latin(token) else 1])
                if entry:
                    out[token] = entry
        return out

    def unpack(self, packed, languages):
        entry = {}
        for value in packed:
            for place, bits in enumerate(self.probabilities[value & 255]):
                code = languages[(value >> (8 * (place + 1))) & 255]
                tag = CLD2_TAGS.get(code, code)
                if tag and (value >> (8 * (place + 1))) & 255:
                    entry[tag] = max(bits, entry.get(tag, 0))
        return entry


# --- lingua -----------------------------------------------------------------------------------------------------------

def lingua(archive):
    """Joint probability of every n-gram: [None, unigrams, .. fivegrams]. The models store conditional ones."""
    files = tarfile.open(fileobj=io.BytesIO(archive))
    joint = [None]
    for length, kind in enumerate(("unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"), 1):
        member = [n for n in files.getnames() if n.endswith("/" + kind + ".json.zip")]
        packed = zipfile.ZipFile(io.BytesIO(files.extractfile(member[0]).read()))
        table = {}
        for fraction, grams in json.loads(packed.read(packed.namelist()[0]))["ngrams"].items():
            top, bottom = fraction.split("/")
            for gram in grams.split(" "):
                table[gram] = int(top) / int(bottom)
        if length > 1:
            table = {g: p * joint[length - 1].get(g[:-1], 0.0) for g, p in table.items()}
        joint.append(table)
    return joint


SERBIAN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš")) | {"љ": "lj", "њ": "nj", "џ": "dž"}


def serbian_latin(joint):
    """Serbian Cyrillic tables in Latin letters: a sequence that starts or ends inside a digraph counts too."""
    out = [None] + [collections.defaultdict(float) for _ in range(5)]
    for table in joint[1:]:
        for gram, p in table.items():
            if any(c not in SERBIAN for c in gram):
                continue
            parts = [SERBIAN[c] for c in gram]
            text, first, last = "".join(parts), len(parts[0]) > 1, len(parts[-1]) > 1
            forms = [text]
            if len(gram) == 1:
                forms += list(text) if first else []
            else:
                forms += [text[1:]] * first + [text[:-1]] * last + [text[1:-1]] * (first and last)
            for form in forms:
                if 1 <= len(form) <= 5:
                    out[len(form)][form] += p
    total = sum(out[1].values())
    return [None] + [{g: p / total for g, p in table.items()} for table in out[1:]]


def raises(joint):
    """Yields (n-gram, bits by which it raises its last letter's probability)."""
    known = {}

    def interpolated(gram):
        value = known.get(gram)
        if value is None:
            if len(gram) == 1:
                value = joint[1].get(gram) or 1e-5
            else:
                history = joint[len(gram) - 1].get(gram[:-1], 0.0)
                longer = joint[len(gram)].get(gram, 0.0) / history if history > 0 else 0.0
                value = INTERPOLATION * longer + (1 - INTERPOLATION) * interpolated(gram[1:])
            known[gram] = value
        return value

    for length in range(1, 6):
        for gram, p in joint[length].items():
            if p >= FINE_MIN_PROBABILITY:
                base = 1e-5 if length == 1 else (1 - INTERPOLATION) * interpolated(gram[1:])
                bits = round(math.log2(interpolated(gram) / base))
                if bits >= 1:
                    yield gram, min(bits, 15)


# --- CLDR and Django --------------------------------------------------------------------------------------------------

MARKUP = re.compile(r"<[^>]*>|\{[^}]*\}|%\([^)]*\)[sd]|%[sd]|\$\d|&[a-z]+;|https?://\S+")


def strings(tree):
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key not in ("identity", "_type", "_numbers"):
                yield from strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from strings(value)


def po_strings(text):
    """The translations of a gettext catalogue."""
    out, current, keep = [], [], False
    for line in text.split("\n") + [""]:
        line = line.strip()
        if line.startswith("msgstr"):
            current, keep = [line[line.find('"'):]], True
        elif keep and line.startswith('"'):
            current.append(line)
        elif keep:
            out.append("".join(x[1:-1] for x in current if len(x) >= 2).replace('\\"', '"').replace("\\n", " "))
            keep = False
            if line.startswith("msgstr"):
                current, keep = [line[line.find('"'):]], True
    return out[1:]


def own_texts(sources):
    """tag -> words of the CLDR and Django texts that are not also English or the root locale's."""
    wanted = set(FROM_TEXT) | {"en", "und"}
    found = collections.defaultdict(set)
    for name in ("annotations", "annotations-derived", "localenames", "units", "dates"):
        files = tarfile.open(fileobj=io.BytesIO(sources.get(f"cldr-{name}-full.tgz")))
        for member in files:
            path = member.name.split("/")
            if not member.name.endswith(".json") or len(path) < 2 or path[-2] not in wanted:
                continue
            if path[-1] == "transformNames.json" or (name == "dates" and path[-1] not in
                                                     ("ca-gregorian.json", "dateFields.json")):
                continue
            found[path[-2]].update(strings(json.load(files.extractfile(member))))
    django = zipfile.ZipFile(io.BytesIO(sources.get("django.whl")))
    for path in sorted(django.namelist()):
        match = re.search(r"/locale/([^/]+)/LC_MESSAGES/[^/]*\.po$", path)
        if match and match.group(1) in wanted:
            found[match.group(1)].update(po_strings(django.read(path).decode("utf-8")))
    common = found["en"] | found["und"]
    return {tag: [w for s in sorted(found[locale] - common) for w in words(MARKUP.sub(" ", s))]
            for locale, tag in FROM_TEXT.items()}


def weigh(counts, total, prior):
    """Weights of counted things; a thing seen once is held to be rarer than it looks."""
    return {key: min(9, weight((count - 0.7) / (total + prior))) for key, count in counts.items()}


def damped(its_words, parts):
    """Counts the parts of words, a word that comes n times as n ** 0.9: user interfaces and lists of names repeat
    theirs more than prose does."""
    counts = collections.Counter()
    for word, times in collections.Counter(its_words).items():
        for part in parts(word):
            counts[part] += times ** 0.9
    return counts


def add_language(broad, spoken, tag, its_words, rival):
    """Adds a language from text, as CLD2 would list it: where it is among the three most probable, and more so than
    any lingua language. Without that rule a language with full lists beats all those with cut ones."""
    quad_counts = damped(its_words, quads)
    word_counts = damped((w for w in its_words if len(w) >= 5), lambda word: [head(word)])
    word_counts = {w: n for w, n in word_counts.items() if n > 1}
    total = sum(quad_counts.values())
    word_total = 5 * sum(word_counts.values())
    for table, weights in ((broad, weigh(quad_counts, total, 8000)), (spoken, weigh(word_counts, word_total, 8000))):
        for key, value in weights.items():
            value -= 1  # less than it looks: a small text's share of an n-gram says much of its subject
            if value <= rival(key.strip("_")):
                continue
            entry = table.get(key)
            if entry is None:
                if value >= 4:
                    table[key] = {tag: value}
                continue
            ranked = sorted(entry.values(), reverse=True)
            third = ranked[2] if len(ranked) >= 3 else max(ranked[0] - 3, 0)
            if value > third or (value == third and value >= 6):
                entry[tag] = max(value, entry.get(tag, 0))


def usual_level(its_words, fine):
    """Bits a letter that the best language of the fine table reaches on a language's words. What a text reaches above
    that speaks for the fine table's languages: on their own texts they reach 20 to 21."""
    by_script = collections.defaultdict(list)
    for word in its_words:
        by_script[unicodedata.name(word[0], "").split(" ")[0]].append(word)
    levels = []
    for some in by_script.values():
        if len(some) < 50:
            continue
        sums, letters = collections.Counter(), 0
        for word in some[:LEVEL_WORDS]:
            letters += len(word)
            for start in range(len(word)):
                for end in range(start + 1, min(start + 5, len(word)) + 1):
                    sums.update(fine.get(word[start:end], {}))
        levels.append(max(sums.values(), default=0) / letters + LEVEL_MARGIN)
    return max(levels, default=LEVEL_UNKNOWN)


def listed_words(spoken, tag):
    """A language's words in the word table, those that are most its own first."""
    listed = [(-entry[tag], word.strip("_")) for word, entry in spoken.items()
              if tag in entry and word.startswith("_") and word.endswith("_")]
    return [word for _, word in sorted(listed)]


# --- The file ---------------------------------------------------------------------------------------------------------

MULTIPLIER, SEED = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
QUAD, WORD, FINE = 1, 5, 9  # kinds of keys; + 1 where the word's start shows, + 2 where its end does


def key_hash(kind, letters):
    value = kind * SEED & 0xFFFFFFFFFFFFFFFF
    for char in letters:
        value = ((value ^ ord(char)) * MULTIPLIER) & 0xFFFFFFFFFFFFFFFF
        value ^= value >> 29
    return value


def marked(kind, gram):
    return kind + gram.startswith("_") + 2 * gram.endswith("_"), gram.strip("_")


def hash_table(entries):
    """entries: (hash, [(language, weight)]) -> bytes of one table."""
    pool, places = [], {}
    for values in sorted({tuple(sorted(v)) for _, v in entries}):
        places[values] = len(pool)
        for at, (language, bits) in enumerate(values):
            pool.append(language | bits << 8 | (at + 1 == len(values)) << 15)
    place_bits = max(1, len(pool).bit_length())
    print_mask = (1 << (32 - place_bits)) - 1
    count = max(1, len(entries) // BUCKET)
    buckets = [[] for _ in range(count)]
    for value, values in entries:
        slot = (value & print_mask) << place_bits | places[tuple(sorted(values))]
        buckets[((value >> 32) * count) >> 32].append(slot)
    starts, slots = [0], []
    for bucket in buckets:
        slots += sorted(bucket)
        starts.append(len(slots))
    out = struct.pack("<IIII", place_bits, count, len(slots), len(pool))
    out += struct.pack(f"<{len(starts)}I", *starts)
    out += struct.pack(f"<{len(slots)}I", *slots)
    return out + struct.pack(f"<{len(pool)}H", *pool) + b"\0" * (2 * len(pool) % 4)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--cache", default=os.path.expanduser("~/.cache/tamis-language"))
    arguments.add_argument("--output", default=os.path.join(HERE, "..", "data", "ngrams.bin"))
    options = arguments.parse_args()
    sources = Sources(options.cache)

    cld2 = Cld2(sources.get("pycld2.tar.gz"))
    broad = cld2.table("cld2_generated_quad0122.cc", "kQuad0122")
    spoken = cld2.table("cld2_generated_deltaocta0122.cc", "kDeltaOcta0122")
    for word, entry in cld2.table("cld2_generated_distinctocta0122.cc", "kDistinctOcta0122").items():
        if "__" in word:
            continue  # a pair of words
        mine = spoken.setdefault(word, {})
        for tag, bits in entry.items():
            mine[tag] = mine.get(tag, 0) + bits

    fine = collections.defaultdict(dict)
    best = [None] + [{} for _ in range(5)]
    for name, tag in sorted(LINGUA.items()):
        joint = lingua(sources.get(f"lingua-{name}.crate"))
        for model in [joint, serbian_latin(joint)] if tag == "sr" else [joint]:
            for length in range(1, 6):
                mine = best[length]
                for gram, p in model[length].items():
                    if p > 2e-7 and p > mine.get(gram, 0.0):
                        mine[gram] = p
            for gram, bits in raises(model):
                fine[gram][tag] = bits
        print(f"lingua {tag}: {len(fine)} n-grams so far", file=sys.stderr)

    def rival(letters):
        if len(letters) <= 4:
            p = best[len(letters)].get(letters, 0.0)
        else:
            p = min(best[5].get(letters[at:at + 5], 0.0) for at in range(len(letters) - 4))
        return (math.log2(p) - WEIGHT_ZERO) / WEIGHT_BITS if p > 0 else 0.0

    texts = own_texts(sources)
    for tag, its_words in texts.items():
        add_language(broad, spoken, tag, its_words, rival)
        print(f"text {tag}: {len(its_words)} words", file=sys.stderr)

    tags = sorted({t for e in broad.values() for t in e} | {t for e in fine.values() for t in e} | set(SOLE.values()))
    number = {tag: at for at, tag in enumerate(tags)}
    shared = {script: set(names.split()) for script, names in SHARED.items()}
    elsewhere = set().union(*shared.values()) | set(SOLE.values())
    scripts = [(script, sorted(names)) for script, names in shared.items()]
    scripts.append(("Latn", sorted(t for t in tags if t not in elsewhere or t in ALSO_LATIN)))
    scripts += [(script, [tag]) for script, tag in SOLE.items()]

    def numbered(entry):
        return [(number[tag], min(bits, 127)) for tag, bits in entry.items()]

    rows = [(key_hash(*marked(QUAD, gram)), numbered(entry)) for gram, entry in sorted(broad.items())
            if max(entry.values()) >= BROAD_MIN_WEIGHT]
    rows += [(key_hash(*marked(WORD, word)), numbered(entry)) for word, entry in sorted(spoken.items())
             if max(entry.values()) >= BROAD_MIN_WORD_WEIGHT]
    fine_rows = [(key_hash(FINE, gram), numbered(entry)) for gram, entry in sorted(fine.items())]
    fine_tags = {tag for entry in fine.values() for tag in entry}

    out = b"TAMISNG2" + struct.pack("<II", len(tags), len(scripts))
    for tag in tags:
        its_words = texts.get(tag) or listed_words(spoken, tag)
        level = 255 if tag in fine_tags else min(254, round(10 * usual_level(its_words, fine)))
        out += tag.encode().ljust(7, b"\0") + bytes([level])
    for script, names in sorted(scripts):
        bits = sum(1 << number[tag] for tag in names if tag in number)
        out += script.encode() + bits.to_bytes(32, "little")
    out += hash_table(rows) + hash_table(fine_rows)
    with open(options.output, "wb") as file:
        file.write(out)
    print(f"{options.output}: {len(out)} bytes, {len(tags)} languages, {len(rows)} + {len(fine_rows)} n-grams, "
          f"sha256 {hashlib.sha256(out).hexdigest()}", file=sys.stderr)


if __name__ == "__main__":
    main()
