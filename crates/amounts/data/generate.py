#!/usr/bin/env python3
"""generate.py [--check] [FOLDER] — writes cldr/*.txt beside this file, or with --check tells whether they would change.

FOLDER keeps the CLDR packages (Unicode-3.0, see NOTICE.md); those it lacks are fetched with `npm pack`, by version and
hash. The output is committed: the build needs neither CLDR nor a network. Standard library only, output sorted, so
that a new CLDR release shows as a readable diff.

    cldr/names-<language>.txt   CODE name | name …     names of currencies that point at one currency alone
    cldr/symbols.txt            symbol CODE            symbols that mean the same currency in every locale read
    cldr/codes.txt             CODE [old]             ISO 4217 codes, those out of use marked
    cldr/locales.txt            tag decimal group own-currency [home]; home: where the bare language is spoken
    cldr/formats.txt            how CLDR writes sums in each locale: read by the tests alone, which read them back
"""
import hashlib, json, pathlib, re, subprocess, sys, tarfile, tempfile, unicodedata

PACKAGES = {
    "cldr-numbers-full-48.2.0": "2d17a1453c559a62112caeed52e0bcfe3cb8539c99d239ae7b7ed4d0827679d9",
    "cldr-core-48.2.0": "5310e0c7a06c1feb83dc8e54c8584bbe0b9c2ea8320172a18d541986b124585d",
}

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pt"]
# Not money that articles count in: test codes, metals, units of account, funds.
NOT_MONEY = set("XXX XTS XAU XAG XPT XPD XSU XUA XBA XBB XBC XBD XRE XEU XFO XFU XDR BOV CHE CHW CLF COU MXV USN USS UYI UYW ZAL CNH CNX "
                "AOK AON AOR BGO BRB BRC BRE BRN BRR BRZ DDM ESA ESB ILR ISJ LUC LUL MDC RHD YUD YUR ZRN GWE KRH KRO VNN SUR BUK BYB".split())
# Locales whose own currency has a symbol people paste into shop pages in any language.
NATIVE = ["cs", "pl", "hu", "sv", "da", "nb", "is", "tr", "ro", "bg", "ru", "uk", "ja", "ko", "zh", "th", "vi", "he", "hi", "id", "hr", "sr", "ka", "kk", "az", "hy", "mn"]


def unpacked(folder, package):
    """The files of a package, by path. Fetches it where the folder lacks it."""
    archive = folder / f"{package}.tgz"
    if not archive.exists():
        name, version = package.rsplit("-", 1)
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != PACKAGES[package]:
        sys.exit(f"{archive}: sha256 is {found}, not {PACKAGES[package]}")
    with tarfile.open(archive) as tar:
        wanted = lambda name: name.endswith(".json") and ("/supplemental/" in name or "/main/" in name)
        return {member.name: tar.extractfile(member).read() for member in tar if wanted(member.name)}


def read(files, *parts):
    return json.loads(files["/".join(("package",) + parts)])


def fold(text):
    text = unicodedata.normalize("NFD", text.replace("’", "'").replace("ß", "ss").casefold())
    return "".join(c for c in text if not unicodedata.combining(c)).strip()


def symbol(value):
    """A currency sign alone or with letters about it: `€`, `US$`, `$CA`. Letters alone (Kč, zł) are in the lexicons."""
    signs = [c for c in value if unicodedata.category(c) == "Sc"]
    return len(signs) == 1 and signs[0] != "¤" and all(c.isalpha() or c in signs for c in value)


def inflections(language, name):
    """CLDR gives one or two forms of a name; German and Dutch prose needs the declined ones."""
    yield name
    words = name.split()
    if language == "de" and len(words) > 1 and re.search(r"(isch|sch|zösisch)(e|er|es)$", words[0]):
        stem = re.sub(r"(e|er|es)$", "", words[0])
        for ending in ("e", "er", "es", "en", "em"):
            yield " ".join([stem + ending] + words[1:])
    if language == "nl" and len(words) > 1:
        for plural in ("s", "en"):
            yield name + plural
        if words[0].endswith("se"):
            yield " ".join([words[0][:-1]] + words[1:])


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(arguments[0] if arguments else scratch)
        numbers, core = (unpacked(folder, package) for package in PACKAGES)
    written = tables(numbers, core)
    here = pathlib.Path(__file__).parent / "cldr"
    if "--check" in sys.argv:
        changed = [name for name, text in written.items() if (here / name).read_text(encoding="utf-8") != text]
        sys.exit(f"these would change: {', '.join(changed)}" if changed else 0)
    for name, text in written.items():
        (here / name).write_text(text, encoding="utf-8")


def formats(numbers, locales, current, fractions):
    """`locale tag decimal group minimum-grouping pattern percent compact…`, compact as power=pattern, and
    `currency tag code digits symbol narrow name`, for what differs from the bare language; fields parted by tabs."""
    rows, told = [], {}
    for locale in locales:
        language = locale.split("-")[0]
        if language not in LANGUAGES or "Dsrt" in locale or "Shaw" in locale:
            continue
        table = read(numbers, "main", locale, "numbers.json")["main"][locale]["numbers"]
        signs = table["symbols-numberSystem-latn"]
        money = table["currencyFormats-numberSystem-latn"]
        compact = money.get("short", {}).get("standard", {})
        powers = ((len(key.split("-")[0]) - 1, value) for key, value in compact.items() if key.endswith("count-other"))
        compact = [f"{power}={pattern}" for power, pattern in sorted(powers) if pattern.strip("0") and "¤" in pattern]
        rows.append(["locale", locale, signs.get("currencyDecimal", signs["decimal"]), signs.get("currencyGroup", signs["group"]),
                     table["minimumGroupingDigits"], money["standard"].split(";")[0],
                     table["percentFormats-numberSystem-latn"]["standard"], *compact])
        for code, fields in read(numbers, "main", locale, "currencies.json")["main"][locale]["numbers"]["currencies"].items():
            if code not in current or code in NOT_MONEY:
                continue
            digits = fractions.get(code, fractions["DEFAULT"])["_digits"]
            told_otherwise = lambda key: fields.get(key, "").replace(code, "")
            row = [code, digits, told_otherwise("symbol"), told_otherwise("symbol-alt-narrow"),
                   fields.get("displayName-count-other", fields.get("displayName", ""))]
            if told.setdefault((language, code), row) != row or locale == language:
                rows.append(["currency", locale, *row])
    return "".join("\t".join(row) + "\n" for row in rows)


def tables(numbers, core):
    """The text of each file, by name."""
    written = {}
    regions = read(core, "supplemental", "currencyData.json")["supplemental"]["currencyData"]["region"]
    own, current = {}, set()
    for region, periods in regions.items():
        for period in periods:
            for code, dates in period.items():
                if "_to" not in dates and dates.get("_tender") != "false":
                    own[region] = code
                    current.add(code)
    locales = sorted({name.split("/")[2] for name in numbers if name.startswith("package/main/")})
    likely = read(core, "supplemental", "likelySubtags.json")["supplemental"]["likelySubtags"]
    codes, symbols, lines = set(), {}, []
    for language in LANGUAGES:
        names = {}
        for locale in (l for l in locales if l == language or l.startswith(language + "-")):
            if "Dsrt" in locale or "Shaw" in locale:
                continue
            table = read(numbers, "main", locale, "currencies.json")["main"][locale]["numbers"]["currencies"]
            for code, fields in table.items():
                if code in NOT_MONEY:
                    continue
                codes.add(code)
                for key, value in fields.items():
                    if key.startswith("displayName"):
                        if "(" in value or re.search(r"\d", value):
                            continue
                        for form in inflections(language, value.replace("’", "'")):
                            names.setdefault(fold(form), set()).add(code)
                    elif symbol(value):
                        symbols.setdefault(value, set()).add(code)
            figures = read(numbers, "main", locale, "numbers.json")["main"][locale]["numbers"]["symbols-numberSystem-latn"]
            decimal = figures.get("currencyDecimal", figures["decimal"])
            group = figures.get("currencyGroup", figures["group"])
            region = locale.split("-")[-1] if "-" in locale else None
            group = {"\u00a0": "space", "\u202f": "space", "’": "'"}.get(group, group)
            lines.append((locale, decimal, group, own.get(region, "-")))
        out = []
        for name, meant in names.items():
            live = meant & current or meant
            if len(live) == 1 and name not in ("", "-"):
                out.append((min(live), name))
        by_code = {}
        for code, name in out:
            by_code.setdefault(code, []).append(name)
        rows = (f"{code} {' | '.join(sorted(by_code[code]))}\n" for code in sorted(by_code))
        written[f"names-{language}.txt"] = "".join(rows)
    for locale in NATIVE:
        table = read(numbers, "main", locale, "currencies.json")["main"][locale]["numbers"]["currencies"]
        for code, fields in table.items():
            value = fields.get("symbol-alt-narrow")
            if code not in NOT_MONEY and value and symbol(value):
                symbols.setdefault(value, set()).add(code)
    living = ((sign, meant & current or meant) for sign, meant in sorted(symbols.items()))
    written["symbols.txt"] = "".join(f"{sign} {min(live)}\n" for sign, live in living if len(live) == 1)
    marked = (code if code in current else f"{code} old" for code in sorted(codes))
    written["codes.txt"] = "".join(f"{line}\n" for line in marked)
    # The region a bare language is at home in has no folder of its own.
    for locale, decimal, group, _ in [line for line in lines if "-" not in line[0]]:
        region = likely[locale].split("-")[-1]
        lines.append((f"{locale}-{region}", decimal, group, own[region], "home"))
    fractions = read(core, "supplemental", "currencyData.json")["supplemental"]["currencyData"]["fractions"]
    written["formats.txt"] = formats(numbers, locales, current, fractions)
    written["locales.txt"] = "".join(f"{' '.join(line)}\n" for line in sorted(lines))
    return written


main()
