#!/usr/bin/env python3
"""Builds letters.bin and ideographs.txt from the n-gram counts of the lingua language models.

    pip install brotli
    python3 build_letters.py FOLDER_WITH_THE_UNPACKED_MODEL_CRATES

The crates are `lingua-<language>-language-model` 1.2.0 (Apache-2.0), as unpacked by cargo. The models give, per language,
counts of letters and the conditional frequency of each pair of letters inside words; what is missing to a letter's count
among pairs is the number of words it ends (or begins), so the word edge is a letter of the alphabet like another.

letters.bin, per language: tag length, tag, number of letters n, how many of them an encoding of the language must have beyond ASCII, n code
points as little-endian u16 (those first), then
(n + 1)² costs, row = previous letter, column = this letter, 0 = word edge, in tenths of a bit, capped at 255.
ideographs.txt, one line per language: tag, tab, characters from the most frequent on.
"""
import collections, fractions, glob, json, math, os, struct, sys
import brotli

ROOT = sys.argv[1]
ALPHABETS = {
    "fr": "french", "en": "english", "de": "german", "es": "spanish", "pt": "portuguese", "it": "italian", "nl": "dutch",
    "da": "danish", "sv": "swedish", "nb": "bokmal", "nn": "nynorsk", "fi": "finnish", "is": "icelandic", "ca": "catalan",
    "hu": "hungarian", "pl": "polish", "cs": "czech", "sk": "slovak", "sl": "slovene", "hr": "croatian", "bs": "bosnian",
    "ro": "romanian", "tr": "turkish", "az": "azerbaijani", "et": "estonian", "lv": "latvian", "lt": "lithuanian",
    "vi": "vietnamese", "ru": "russian", "uk": "ukrainian", "be": "belarusian", "bg": "bulgarian", "mk": "macedonian",
    "sr": "serbian", "kk": "kazakh", "mn": "mongolian", "el": "greek", "he": "hebrew", "ar": "arabic", "fa": "persian",
    "th": "thai", "sq": "albanian", "ga": "irish", "cy": "welsh", "eu": "basque", "af": "afrikaans", "eo": "esperanto",
}
IDEOGRAPHS = {"zh": ("chinese", 4500), "ja": ("japanese", 2400), "ko": ("korean", 1400)}
# Letters beyond ASCII of languages in Latin script: those that the spelling needs, then those of loan words and old spelling.
# (Running text of the web has others too, from files read in the wrong encoding: the very thing to be told apart.)
SPELLING = {
    "fr": ("àâçéèêëîïôùû", "œæüÿñáóöäíú"), "en": ("", "éèïöçñüáàêíóâô"), "de": ("äöüß", "éèàáçñóêë"), "es": ("áéíñóúü", "çàèòïê"),
    "pt": ("áâãçéêíóôõú", "àüñöè"), "it": ("àèéìòù", "íóúîçüêâñ"), "nl": ("éë", "ïöüèêáóçàâä"), "da": ("æøå", "éüöäèáóàêç"),
    "sv": ("åäö", "éüáàèçøæêë"), "nb": ("æøå", "éòóôèêâäöüàáçñ"), "nn": ("æøå", "éòóôèêâäöüàáç"), "fi": ("äö", "åéüšžáø"),
    "is": ("áæéíðóöúýþ", "üäåø"), "ca": ("àçèéíïòóúü", "ñá"), "hu": ("áéíóöúüőű", "äàèâă"), "pl": ("ąćęłńóśźż", "éüöáèäčšž"),
    "cs": ("áčďéěíňóřšťúůýž", "öüäôľĺłśćàèę"), "sk": ("áäčďéíľňóôšťúýž", "ĺŕöüěřůő"), "sl": ("čšž", "ćđéöüáàèóíäë"),
    "hr": ("čćđšž", "éöüáäóíàë"), "bs": ("čćđšž", "éöüáäóíàë"), "ro": ("ăâî", "şţșțéöüáèçë"), "tr": ("çğıöşü", "âîûéäáè"),
    "az": ("çəğıöşü", ""), "et": ("äõöü", "šžéåáà"), "lv": ("āčēģīķļņšūž", "ōŗéöüä"), "lt": ("ąčęėįšųūž", "éóàáöüäł"),
    "vi": ("âăđêôơư", "àáãèéìíòóõùúýĩũạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"), "sq": ("çë", "éöüàâáè"), "ga": ("áéíóú", "àèìòù"),
    "cy": ("âêîôŵŷ", "áéëïóöàèìòûúüù"), "eu": ("ñ", "çüéáíóúà"), "af": ("êëéôïîû", "áóöüäèçí"), "eo": ("ĉĝĥĵŝŭ", "éáóíöüâàè"),
}
LEAST_SHARE = 1e-5
NEEDED_SHARE = 4e-4
LARGEST_ALPHABET = 72


def model(name, kind):
    found = glob.glob(os.path.join(ROOT, f"lingua-{name}-language-model-1.2.0", "models", f"{kind}.json.br"))
    if not found:
        return {}
    table = json.loads(brotli.decompress(open(found[0], "rb").read()))["ngrams"]
    return {gram: fractions.Fraction(share) for share, grams in table.items() for gram in grams.split()}


def unigram_counts(name):
    found = glob.glob(os.path.join(ROOT, f"lingua-{name}-language-model-1.2.0", "models", "unigrams.json.br"))[0]
    table = json.loads(brotli.decompress(open(found, "rb").read()))["ngrams"]
    return {gram: float(fractions.Fraction(share)) for share, grams in table.items() for gram in grams.split()}


def letters(tag, name):
    share = unigram_counts(name)
    pairs = model(name, "bigrams")
    needed, spelled = None, None
    if tag in SPELLING:
        needed = SPELLING[tag][0]
        spelled = set("abcdefghijklmnopqrstuvwxyz" + "".join(SPELLING[tag]))
    alphabet = [c for c, p in sorted(share.items(), key=lambda x: (-x[1], x[0])) if p >= LEAST_SHARE and len(c) == 1 and ord(c) < 0x10000]
    alphabet = [c for c in alphabet if spelled is None or c in spelled or (tag == "vi" and c.isalpha())][:LARGEST_ALPHABET]
    if needed is None:
        needed = [c for c in alphabet if share[c] >= NEEDED_SHARE]
    # The needed ones first, so that one number tells how many they are.
    alphabet.sort(key=lambda c: c not in needed)
    joint = collections.defaultdict(float)
    follows, precedes = collections.defaultdict(float), collections.defaultdict(float)
    for pair, conditional in pairs.items():
        if len(pair) != 2 or pair[0] not in share:
            continue
        p = float(conditional) * share[pair[0]]
        joint[pair] += p
        follows[pair[0]] += p
        precedes[pair[1]] += p
    start = {c: max(share[c] - precedes[c], share[c] * 0.005) for c in alphabet}
    end = {c: max(share[c] - follows[c], share[c] * 0.005) for c in alphabet}
    starts, total = sum(start.values()), sum(share.values())
    costs = bytearray()

    def cost(p):
        return max(0, min(255, round(-10 * math.log2(p)))) if p > 0 else 255

    costs.append(0)
    for c in alphabet:
        costs.append(cost(0.98 * start[c] / starts + 0.02 * share[c] / total))
    for a in alphabet:
        costs.append(cost(end[a] / share[a]))
        for b in alphabet:
            costs.append(cost(0.98 * joint[a + b] / share[a] + 0.02 * share[b] / total * 0.8))
    encoded = tag.encode()
    needed = sum(c in needed for c in alphabet)
    return bytes([len(encoded)]) + encoded + bytes([len(alphabet), needed]) + b"".join(struct.pack("<H", ord(c)) for c in alphabet) + bytes(costs), "".join(alphabet)


with open("letters.bin", "wb") as out:
    for tag, name in ALPHABETS.items():
        block, alphabet = letters(tag, name)
        out.write(block)
        print(tag, len(alphabet), alphabet[: block[2 + len(tag)]], file=sys.stderr)
with open("ideographs.txt", "w", encoding="utf-8") as out:
    for tag, (name, size) in IDEOGRAPHS.items():
        share = unigram_counts(name)
        ranked = [c for c, p in sorted(share.items(), key=lambda x: (-x[1], x[0])) if len(c) == 1 and ord(c) >= 0x80][:size]
        out.write(f"{tag}\t{''.join(ranked)}\n")
        print(tag, len(share), "".join(ranked[:60]), sum(share[c] for c in ranked), file=sys.stderr)
