#!/usr/bin/env python3
"""Builds the word tables `../data/<language>.txt` of tamis-sentences. Standard library only.

    python3 crates/sentences/words/build.py [--cache DIR]            writes the tables
    python3 crates/sentences/words/build.py [--cache DIR] --check    fails where a table would change

Two kinds of input:

- Word lists of other projects, fetched by cargo, npm or pip and pinned by version and sha256 (sources.txt). What they are
  and under which licences they stand is told in ../data/NOTICE.md.
- curated/<language>.txt: what somebody who knows the language wrote down. Its sections are those of the tables, and
  three more: `keep` (abbreviations, though they look like words), `drop` (words, though lists call them
  abbreviations), `not-starters`.

A list of abbreviations that is long is mostly wrong: "in.", "sun.", "art." end sentences every day. So a word that any
list shows in small letters inside sentences, or as a stop word, is no abbreviation unless `keep` says so. Starters are
stop words, and words seen in small letters but never as a name.

The output is the same byte for byte. ../data/checksums.txt names what it was made from and what came out: a test
compares it, so that nobody edits one side alone.
"""

import argparse
import ast
import glob
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data")

# Sections of a table in their order, each with the line that explains it.
SECTIONS = {
    "traits": "what the language does with numbers and marks",
    "titles": "never end a sentence: what they announce follows",
    "references": "do not end one before a number",
    "closing": "often end one: only a small letter or a number after them keeps it open",
    "times": "as closing, and a number after them opens a sentence",
    "units": "after a number as closing, else ordinary words",
    "abbreviations": "end one only before a starter",
    "particles": "starters, but parts of a name before a capital",
    "speech": "may go on in lower case after a question",
    "marked": "names written with a mark at their end",
    "fronting": "words of an opening adverbial",
    "starters": "never names when capitalised: they open sentences",
}
CURATED = [*SECTIONS, "keep", "drop", "not-starters"]

# Names of languages in the sources, where they differ from ours.
PUNKT = {
    "cs": "czech", "da": "danish", "nl": "dutch", "en": "english", "et": "estonian", "fi": "finnish", "fr": "french",
    "de": "german", "el": "greek", "it": "italian", "nb": "norwegian", "pl": "polish", "pt": "portuguese",
    "sl": "slovene", "es": "spanish", "sv": "swedish", "tr": "turkish",
}
PYSBD = {
    "ar": "arabic", "bg": "bulgarian", "da": "danish", "de": "deutsch", "es": "spanish", "fr": "french", "it": "italian",
    "kk": "kazakh", "nl": "dutch", "pl": "polish", "ru": "russian", "sk": "slovak", "en": "common/standard",
}

# Languages whose lists in sentencex hold thousands of ordinary words: only what Wikipedia shows too is taken from them.
DOUBTFUL = {"it", "nl"}
# Languages whose stop words are parts of words or names as often as words.
NO_STOP_WORDS = {"ar", "hi"}
# Punkt's Estonian model was trained on too little: half of its words are names.
NO_PUNKT_STARTERS = {"et"}

# Letters of words, in small letters.
LATIN = "a-zà-öø-ÿāăąćčďđēėęěğģįıķłļľĺńņňőœřŕśşšșťțţūůűųýźżžß"
SCRIPTS = {
    "ru": "а-яё", "uk": "а-яіїєґ", "bg": "а-я", "el": "α-ωά-ώ", "ar": "\u0600-\u06ff", "hi": "\u0900-\u097f",
    "hy": "\u0531-\u0587", "kk": "а-яәіңғүұқөһ", "ml": "\u0d00-\u0d7f",
}

# Bits of Punkt's orthographic context: where a type was met, with which first letter.
FIRST_CAPITAL, MIDDLE_CAPITAL, UNKNOWN_CAPITAL, FIRST_SMALL, MIDDLE_SMALL, UNKNOWN_SMALL = (1 << bit for bit in range(1, 7))

LONGEST = 16            # letters of an abbreviation
LONGEST_MINED = 6       # of one that only Wikipedia shows: longer ones are words cut by line ends


# --- Sources ----------------------------------------------------------------------------------------------------------

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
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder,
                    "--only-binary", ":all:", f"{package}=={version}"], check=True)
    return glob.glob(os.path.join(folder, "*.whl"))[0]


FETCH = {"cargo": fetch_cargo, "npm": fetch_npm, "pip": fetch_pip}


def sources(cache):
    """The archives of sources.txt by package, each as a function from a member's name to its bytes."""
    found = {}
    with open(os.path.join(HERE, "sources.txt"), encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    for name, client, package, version, digest in rows:
        path = os.path.join(cache, name)
        if not os.path.exists(path):
            with tempfile.TemporaryDirectory() as folder:
                os.replace(FETCH[client](package, version, folder), path)
        with open(path, "rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != digest:
            sys.exit(f"{path} is not the {package} {version} of sources.txt")
        found[package] = members(data, package, version)
    return found


def members(data, package, version):
    if data[:2] == b"PK":
        return zipfile.ZipFile(io.BytesIO(data)).read
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        # The first folder is `package/` for npm and `name-version/` for cargo.
        files = {entry.name.split("/", 1)[-1]: archive.extractfile(entry).read() for entry in archive if entry.isfile()}
    return files.__getitem__


def text_of(read, name):
    """A member as text; nothing where the package has none for the language."""
    try:
        return read(name).decode("utf-8")
    except KeyError:
        return ""


class Lists:
    """What the sources say about one language."""

    def __init__(self, packages, shared, language):
        cldr = text_of(packages["cldr-segments-full"], f"segments/{language}/suppressions.json")
        breaks = json.loads(cldr or "{}")
        for key in ("segments", "segmentations", "SentenceBreak", "standard"):
            breaks = breaks.get(key, {})
        sentencex = text_of(packages["sentencex"], f"src/languages/abbrev/{language}.txt").splitlines()
        # Abbreviations that people wrote down …
        self.written = {
            bare(word)
            for word in [
                *(line for line in sentencex if not line.startswith("//")),
                *pysbd(packages["pysbd"], language),
                *(next(iter(entry.values())) for entry in breaks),
            ]
        }
        # … and those that were mined from Wikipedia.
        self.mined = {bare(word) for word in shared["mined"].get(f"{'no' if language == 'nb' else language}wiki", [])}
        self.stop_words = set() if language in NO_STOP_WORDS else {
            word for word in shared["stop-words"].get("no" if language == "nb" else language, []) if is_word(word, language)
        }
        punkt = text_of(packages["punkt_n"], f"src/data/{PUNKT.get(language)}.json")
        model = json.loads(punkt) if punkt else {}
        self.context = model.get("ortho_context", {})
        self.openers = model.get("sentence_starters", [])


def pysbd(read, language):
    """The list that a language's module assigns, read from its syntax tree: nothing of it is run."""
    source = text_of(read, f"pysbd/lang/{PYSBD.get(language)}.py")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ABBREVIATIONS":
            return ast.literal_eval(node.value)
    return []


# --- Words ------------------------------------------------------------------------------------------------------------

def bare(word):
    return word.strip().rstrip(".").strip()


def is_word(word, language):
    letters = SCRIPTS.get(language, LATIN)
    return re.fullmatch(rf"[{letters}][{letters}’'\-]*", word.lower()) is not None


def curated(language):
    """The sections of curated/<language>.txt, and the language's name."""
    found = {section: [] for section in CURATED}
    section = None
    with open(os.path.join(HERE, "curated", f"{language}.txt"), encoding="utf-8") as file:
        name = next(file).strip("# .\n")
        for line in file:
            line = line.split("#")[0].strip()
            if line.startswith("["):
                section = line.strip("[]")
                if section not in found:
                    sys.exit(f"curated/{language}.txt: no such section: {line}")
            elif line:
                found[section] += line.split()
    return name, {section: set(words) for section, words in found.items()}


def small_words(lists):
    """The words that a text shows in small letters."""
    return {word for word, met in lists.context.items() if met & (FIRST_SMALL | MIDDLE_SMALL | UNKNOWN_SMALL)}


def abbreviations(hand, lists, language):
    """The abbreviations of the lists that are no words, and those of the curated file."""
    in_small_letters = small_words(lists)
    mined_small = {word.lower() for word in lists.mined}
    taken = set()
    for word in lists.written | lists.mined:
        small = word.lower()
        if not 2 <= len(word) <= LONGEST or word in hand["drop"] or small in hand["drop"]:
            continue
        # With a space or stops inside it is known by its shape, or by its last part.
        if not is_word(word, language):
            continue
        if (small in lists.stop_words or small in in_small_letters) and small not in hand["keep"]:
            continue
        # "aaa", "oui": an abbreviation has a consonant.
        if len(small) > 2 and not re.search(r"[^aeiouyàâäéèêëîïôöùûüáíóú]", small):
            continue
        if word not in lists.written and len(small) > LONGEST_MINED:
            continue
        if language in DOUBTFUL and small not in mined_small and not looks_cut(small):
            continue
        taken.add(small if word in lists.written else word)
    return {word for word in taken if word == word.lower() or word.lower() not in taken} | hand["abbreviations"]


def looks_cut(word):
    """Ends where no word of Italian or Dutch would: "prosp", not "casa"."""
    return len(word) >= 4 and word[-1] not in "aeious" and bool(set(word[1:]) & set("aeiou"))


def starters(hand, lists, language, months):
    found = {word for word in lists.stop_words if len(word) > 1}
    if lists.context:
        # Lists of stop words hold names ("microsoft") and country codes ("uk"). Of the words that no text shows in small
        # letters, those are left out that one shows as names, and those of two letters.
        small = small_words(lists)
        found = {
            word for word in found
            if word in small or not (len(word) == 2 or lists.context.get(word, 0) & MIDDLE_CAPITAL)
        }
    found |= {word for word in lists.openers if len(word) > 1 and is_word(word, language)}
    if language not in NO_PUNKT_STARTERS:
        # Met at the start with a capital, inside in small letters, and never inside with a capital.
        found |= {
            word for word, met in lists.context.items()
            if met & FIRST_CAPITAL and met & MIDDLE_SMALL and not met & (MIDDLE_CAPITAL | UNKNOWN_CAPITAL)
            and word.isalpha() and len(word) > 1 and is_word(word, language)
        }
    # "km", "jr": without a vowel it is shortened.
    found = {word for word in found if not (word.isascii() and len(word) <= 3 and not set(word) & set("aeiouy"))}
    return (found | hand["starters"]) - months - hand["not-starters"]


def table(language, packages, shared):
    """The text of a language's table."""
    name, hand = curated(language)
    lists = Lists(packages, shared, language)
    words = {section: {word.rstrip(".") for word in hand[section]} for section in SECTIONS}
    ending = words["titles"] | words["closing"] | words["times"]
    ending_small = {word.lower() for word in ending}
    short = abbreviations(hand, lists, language)
    if language != "common":
        short -= shared["common"]
    short = {word for word in short if word in hand["abbreviations"] or word.lower() not in ending_small}
    short -= words["references"] - hand["abbreviations"]
    words["abbreviations"] = short
    words["starters"] = (
        starters(hand, lists, language, shared["months"]) - words["particles"] - ending_small - short - words["references"]
    )
    out = f"# {name}. Sources and licences: NOTICE.md. Written by ../words/build.py: change that, or words/curated.\n"
    for section, note in SECTIONS.items():
        line = " ".join(sorted(word for word in words[section] if word))
        if line:
            out += f"\n[{section}]  # {note}\n"
            out += textwrap.fill(line, 118, break_long_words=False, break_on_hyphens=False) + "\n"
    return out


# --- Output -----------------------------------------------------------------------------------------------------------

def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def build(cache):
    """The files of ../data by name."""
    packages = sources(cache)
    with open(os.path.join(HERE, "months.txt"), encoding="utf-8") as file:
        months = {word for line in file if not line.startswith("#") for word in line.split()}
    shared = {
        "mined": json.loads(packages["mwtokenizer"]("mwtokenizer/assets/dict_abbr_filtered.json")),
        "stop-words": json.loads(packages["stopwords-iso"]("stopwords-iso.json")),
        "common": curated("common")[1]["abbreviations"],
        "months": months,
    }
    languages = sorted(name[:-4] for name in os.listdir(os.path.join(HERE, "curated")) if name.endswith(".txt"))
    files = {f"{language}.txt": table(language, packages, shared) for language in languages}
    made_from = ["build.py", "months.txt", "sources.txt", *(f"curated/{language}.txt" for language in languages)]
    lines = [f"words/{name} {digest(os.path.join(HERE, name))}" for name in made_from]
    lines += [f"data/{name} {hashlib.sha256(text.encode()).hexdigest()}" for name, text in files.items()]
    files["checksums.txt"] = "\n".join(["# file sha256", *lines]) + "\n"
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", help="folder that keeps the fetched packages")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file would change")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = arguments.cache or scratch
        os.makedirs(cache, exist_ok=True)
        files = build(cache)
    changed = []
    for name, text in files.items():
        path = os.path.join(DATA, name)
        old = open(path, encoding="utf-8").read() if os.path.exists(path) else None
        if old != text:
            changed.append(name)
            if not arguments.check:
                with open(path, "w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
    print("\n".join(changed) or "nothing changed")
    return 1 if arguments.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
