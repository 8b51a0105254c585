#!/usr/bin/env python3
"""Fits the curves of src/confidence.rs and prints them, and how well they hold. Standard library only.

    cargo build --release -p tamis-language --example detect
    python3 crates/language/model/calibrate.py target/release/examples/detect [--cache DIR]

The texts are the translations of Django and of libraries for it (calibration.txt; BSD-3-Clause and MIT): words, pairs
of words, short strings, sentences, and five sentences in a row, in 75 languages. For long texts, lists of the names that
CLDR gives to emoji (Unicode-3.0) are added: 109 languages, some twenty of them unknown to the model, as texts in unknown
languages are met in the world. Languages whose n-grams come from these sources are left out.
"""

import argparse
import collections
import io
import json
import math
import os
import random
import re
import subprocess
import sys
import tarfile
import zipfile

import build

LENGTHS = (5, 9, 16, 40, 80, 160, 10 ** 9)
DENSE = 1.5
LISTED = set(build.FROM_TEXT) | set(build.FROM_TEXT.values()) | {"und", "root"}
SKIPPED = set(build.FROM_TEXT.values()) - {"az"} | {"en", "zh", "ja"}
RENAMED = {"no": "nb", "fil": "tl"}


def translations(sources):
    """tag -> distinct translations"""
    found = collections.defaultdict(set)
    for name in sorted(sources.table):
        wheel = zipfile.ZipFile(io.BytesIO(sources.get(name)))
        for path in sorted(wheel.namelist()):
            match = re.search(r"/locale/([^/]+)/LC_MESSAGES/[^/]*\.po$", path)
            if match:
                tag = re.split("[_@-]", match.group(1))[0]
                tag = RENAMED.get(tag, tag)
                if tag not in SKIPPED:
                    found[tag].update(build.po_strings(wheel.read(path).decode("utf-8")))
    # What many languages share is not translated.
    shared = collections.Counter(t for texts in found.values() for t in texts)
    return {tag: {t for t in texts if shared[t] <= 3} for tag, texts in found.items()}


def pieces(texts):
    """(tag, piece) of all lengths"""
    pick = random.Random(7)
    for tag in sorted(texts):
        lines = sorted({" ".join(build.MARKUP.sub(" ", t).split()) for t in texts[tag]})
        lines = [t for t in lines if len(t) > 3 and sum(map(str.isalpha, t)) > 0.6 * len(t)]
        if len(lines) < 80:
            continue
        pick.shuffle(lines)
        sentences = [t for t in lines if len(t) >= 40]
        yield from ((tag, t) for t in sentences[:60])
        yield from ((tag, t) for t in [t for t in lines if 15 <= len(t) < 40][:40])
        if len(sentences) >= 12:
            yield from ((tag, " ".join(pick.sample(sentences, 5))) for _ in range(25))
        insides = [re.findall(r"[^\W\d_]+", t)[1:] for t in lines]
        words = list(dict.fromkeys(w for i in insides for w in i if len(w) >= 4 and w == w.lower()))
        pick.shuffle(words)
        yield from ((tag, w) for w in words[:30])
        pairs = [" ".join(i[at:at + 2]) for i in insides if len(i) >= 4 for at in [pick.randrange(len(i) - 1)]]
        yield from ((tag, p) for p in [p for p in pairs if p == p.lower() and len(p) >= 9][:40])


def lists(sources):
    """(tag, list of 25 names of emoji)"""
    names = collections.defaultdict(list)
    for member in (files := tarfile.open(fileobj=io.BytesIO(sources.get("cldr-annotations-full.tgz")))):
        match = re.search(r"/annotations/([^/]+)/annotations\.json$", member.name)
        if match and not re.search(r"-[A-Z]{2}$|-\d", match.group(1)):
            found = json.load(files.extractfile(member))["annotations"].get("annotations", {})
            names[match.group(1)] = [entry["tts"][0] for entry in found.values() if "tts" in entry]
    shared = collections.Counter(name for those in names.values() for name in set(those))
    pick = random.Random(3)
    for locale in sorted(names):
        tag = locale.split("-")[0]
        tag = RENAMED.get(tag, tag)
        own = [n for n in dict.fromkeys(names[locale]) if shared[n] <= 3 and sum(map(str.isalpha, n)) > 0.6 * len(n) > 1]
        if len(own) >= 150 and tag not in LISTED and locale not in LISTED:
            pick.shuffle(own)
            yield from ((tag, ", ".join(pick.sample(own, 25))) for _ in range(2))


def fit(rows):
    """Logistic regression of (features, right) by Newton's method."""
    size = len(rows[0][0]) + 1
    weights = [0.0] * size
    for _ in range(40):
        gradient, hessian = [-1e-3 * w for w in weights], [[1e-3 * (i == j) for j in range(size)] for i in range(size)]
        for features, right in rows:
            x = (*features, 1.0)
            p = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x))))
            for i in range(size):
                gradient[i] += (right - p) * x[i]
                for j in range(size):
                    hessian[i][j] += p * (1 - p) * x[i] * x[j]
        # Gauss elimination
        table = [row + [g] for row, g in zip(hessian, gradient)]
        for i in range(size):
            for j in range(i + 1, size):
                factor = table[j][i] / table[i][i]
                table[j] = [a - factor * b for a, b in zip(table[j], table[i])]
        step = [0.0] * size
        for i in reversed(range(size)):
            step[i] = (table[i][size] - sum(table[i][j] * step[j] for j in range(i + 1, size))) / table[i][i]
        weights = [w + s for w, s in zip(weights, step)]
    return weights


def fit_all(rows):
    curves, low = [], 0
    for high in LENGTHS:
        curves.append((high, fit([(f, r) for letters, f, r in rows if low < letters <= high])))
        low = high
    return curves


def confidence(curves, letters, features):
    weights = next(w for high, w in curves if letters <= high)
    return 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, (*features, 1.0)))))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("detect")
    arguments.add_argument("--cache", default=os.path.expanduser("~/.cache/tamis-language"))
    options = arguments.parse_args()
    sources = build.Sources(options.cache, "calibration.txt")
    told = list(pieces(translations(sources))) + list(lists(build.Sources(options.cache)))
    out = subprocess.run([options.detect], input="\n".join(t for _, t in told) + "\n", capture_output=True,
                         text=True, encoding="utf-8", check=True).stdout.split("\n")
    rows = []
    for (tag, _), line in zip(told, out):
        _, likeliest, _, letters, lead, evidence = line.split("\t")
        letters = int(letters)
        if float(lead) or float(evidence):  # not a script of one language
            features = (float(lead) / math.sqrt(letters), min(DENSE, float(evidence) / letters))
            rows.append((letters, features, float(likeliest.split("-")[0] == tag)))
    print(f"{len(rows)} pieces in {len({t for t, _ in told})} languages", file=sys.stderr)
    for high, (lead, density, offset) in fit_all(rows):
        letters = "usize::MAX" if high == LENGTHS[-1] else high
        print(f"    Curve {{ letters: {letters}, lead: {lead:.2f}, density: {density:.2f}, offset: {offset:.2f} }},")
    curves, rest = fit_all(rows[::2]), rows[1::2]
    print("//! | confidence | pieces | mean confidence | right |\n//! | --- | --- | --- | --- |")
    for low, high in ((0, .2), (.2, .4), (.4, .6), (.6, .8), (.8, .9), (.9, .95), (.95, .99), (.99, 1)):
        found = [(c, r) for n, f, r in rest if low <= (c := confidence(curves, n, f)) < high + (high == 1)]
        if found:
            mean, right = (100 * sum(x) / len(found) for x in zip(*found))
            print(f"//! | {low:.2f}–{high:.2f} | {len(found)} | {mean:.1f} % | {right:.1f} % |")
    print("//! | letters | at 0.5 or more | of these right | at 0.95 or more | of these right |\n//! | " + "--- | " * 5)
    low = 0
    for high in (9, 40, 160, 10 ** 9):
        found = [(confidence(curves, n, f), r) for n, f, r in rest if low < n <= high]
        cells = []
        for least in (0.5, 0.95):
            told_so = [r for c, r in found if c >= least]
            cells += [f"{100 * len(told_so) / len(found):.0f} %", f"{100 * sum(told_so) / max(1, len(told_so)):.1f} %"]
        print(f"//! | {low + 1}–{high if high < 10 ** 9 else ''} | " + " | ".join(cells) + " |")
        low = high


if __name__ == "__main__":
    main()
