#!/usr/bin/env python3
"""generate.py CLDR_NUMBERS_FULL CLDR_CORE — writes cldr/*.txt beside this file.

    npm pack cldr-numbers-full@48.2.0 cldr-core@48.2.0     # Unicode-3.0, see NOTICE.md
    tar xzf …                                              # two folders named `package`: rename them
    python3 generate.py cldr-numbers cldr-core

The output is committed: the build needs neither CLDR nor a network. Standard library only, output sorted, so that a
new CLDR release shows as a readable diff.

    cldr/names-<language>.txt   CODE name | name …     names of currencies that point at one currency alone
    cldr/symbols.txt            symbol CODE            symbols that mean the same currency in every locale read
    cldr/codes.txt             CODE [old]             ISO 4217 codes, those out of use marked
    cldr/locales.txt            tag decimal group own-currency, for what differs from the bare language
"""
import json, pathlib, re, sys, unicodedata

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pt"]
# Not money that articles count in: test codes, metals, units of account, funds.
NOT_MONEY = set("XXX XTS XAU XAG XPT XPD XSU XUA XBA XBB XBC XBD XRE XEU XFO XFU XDR BOV CHE CHW CLF COU MXV USN USS UYI UYW ZAL CNH CNX "
                "AOK AON AOR BGO BRB BRC BRE BRN BRR BRZ DDM ESA ESB ILR ISJ LUC LUL MDC RHD YUD YUR ZRN GWE KRH KRO VNN SUR BUK BYB".split())
# Locales whose own currency has a symbol people paste into shop pages in any language.
NATIVE = ["cs", "pl", "hu", "sv", "da", "nb", "is", "tr", "ro", "bg", "ru", "uk", "ja", "ko", "zh", "th", "vi", "he", "hi", "id", "hr", "sr", "ka", "kk", "az", "hy", "mn"]


def read(root, *parts):
    return json.loads((root.joinpath(*parts)).read_text(encoding="utf-8"))


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
    numbers, core = (pathlib.Path(argument) for argument in sys.argv[1:3])
    here = pathlib.Path(__file__).parent / "cldr"
    here.mkdir(exist_ok=True)
    regions = read(core, "supplemental", "currencyData.json")["supplemental"]["currencyData"]["region"]
    own, current = {}, set()
    for region, periods in regions.items():
        for period in periods:
            for code, dates in period.items():
                if "_to" not in dates and dates.get("_tender") != "false":
                    own[region] = code
                    current.add(code)
    locales = sorted(p.name for p in (numbers / "main").iterdir())
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
        with open(here / f"names-{language}.txt", "w", encoding="utf-8") as sink:
            for code in sorted(by_code):
                sink.write(f"{code} {' | '.join(sorted(by_code[code]))}\n")
    for locale in NATIVE:
        table = read(numbers, "main", locale, "currencies.json")["main"][locale]["numbers"]["currencies"]
        for code, fields in table.items():
            value = fields.get("symbol-alt-narrow")
            if code not in NOT_MONEY and value and symbol(value):
                symbols.setdefault(value, set()).add(code)
    with open(here / "symbols.txt", "w", encoding="utf-8") as sink:
        for sign, meant in sorted(symbols.items()):
            live = meant & current or meant
            if len(live) == 1:
                sink.write(f"{sign} {min(live)}\n")
    marked = (code if code in current else f"{code} old" for code in sorted(codes))
    (here / "codes.txt").write_text("".join(f"{line}\n" for line in marked), encoding="utf-8")
    base = {line[0]: line[1:3] for line in lines if "-" not in line[0]}
    with open(here / "locales.txt", "w", encoding="utf-8") as sink:
        for locale, decimal, group, currency in lines:
            if "-" not in locale or (decimal, group) != base[locale.split("-")[0]] or currency != "EUR":
                sink.write(f"{locale} {decimal} {group} {currency}\n")


main()
