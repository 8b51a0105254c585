#!/usr/bin/env python3
"""compare.py [--speed FILE] TAMIS — what tamis and other programs make of the sentences of texts.tsv (our own), side by side.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python compare.py ../../../target/release/tamis

A sentence counts as right when money and percentages are found with value and currency and nothing else is; a `?` in
texts.tsv lets any currency pass. With --speed each program reads the file's first 100,000 characters in pieces of 5,000
characters, in French; seconds are CPU time of the process."""
import json, pathlib, re, subprocess, sys, tempfile, time, warnings
from decimal import Decimal

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
CODES = {"Euro": "EUR", "Dollar": "USD", "United States dollar": "USD", "Pound": "GBP", "British pound": "GBP", "Swiss franc": "CHF",
         "Franc": "CHF", "Canadian dollar": "CAD", "Indian rupee": "INR", "Brazilian real": "BRL", "Mexican peso": "MXN",
         "Peso": "MXN", "dollar": "USD", "euro": "EUR", "pound sterling": "GBP", "€": "EUR", "$": "USD", "£": "GBP", "₹": "INR", "CHF": "CHF",
         "Real brasileiro": "BRL", "Brazilian Real": "BRL", "R$": "BRL", "Rs": "INR", "indian rupee": "INR", "canadian dollar": "CAD",
         "british pound": "GBP", "swiss franc": "CHF", "united states dollar": "USD"}
CULTURES = {"fr": "fr-fr", "en": "en-us", "es": "es-es", "pt": "pt-br"}


def plain(number):
    try:
        return format(Decimal(str(number)).normalize(), "f")
    except ArithmeticError:
        return str(number)


def tamis(binary, texts):
    """All texts in one run of the amounts stage."""
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        lines = [json.dumps({"id": str(i), "lang": lang, "text": text}) for i, (lang, text) in enumerate(texts)]
        (scratch / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (scratch / "p.toml").write_text('name = "peers"\n[[stage]]\nuse = "decode"\n[[stage]]\nuse = "normalise-amounts"\n'
                                        'kinds = ["money", "percent"]\n[output]\ncompression = "none"\n')
        subprocess.run([binary, "run", scratch / "p.toml", "--input", scratch / "in.jsonl", "--output", scratch / "out",
                        "--progress", "none"], check=True, capture_output=True)
        records = {}
        for part in sorted((scratch / "out/documents").iterdir()):
            for line in part.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                records[record["id"]] = record["amounts"]
    found = []
    for i in range(len(texts)):
        amounts = []
        for amount in records[str(i)]:
            value = amount["value"] or f"{amount['low']}..{amount['high']}"
            amounts.append(f"{value} {'%' if amount['kind'] == 'percent' else amount['currency'] or '?'}")
        found.append(amounts)
    return found


def recognizers():
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_number import NumberRecognizer
    models = {}
    for lang, culture in CULTURES.items():
        models[lang] = (NumberWithUnitRecognizer(culture).get_currency_model(), NumberRecognizer(culture).get_percentage_model())

    def read(lang, text):
        if lang not in models:
            return None
        money, percent = models[lang]
        amounts = []
        for result in money.parse(text):
            value = (result.resolution or {}).get("value")
            unit = result.resolution.get("isoCurrency") or CODES.get(result.resolution.get("unit"), result.resolution.get("unit"))
            amounts.append(f"{plain(value)} {unit}" if value else f"? {unit}")
        for result in percent.parse(text):
            value = (result.resolution or {}).get("value") or ""
            amounts.append(f"{plain(value.rstrip('%').replace(',', '.'))} %" if value else "? %")
        return amounts
    return read


def price_parser():
    from price_parser import Price

    def read(lang, text):
        price = Price.fromstring(text)
        return [f"{plain(price.amount)} {CODES.get(price.currency, price.currency)}"] if price.amount is not None else []
    return read


def quantulum():
    from quantulum3 import parser

    def read(lang, text):
        if lang not in ("en", "fr", "und"):
            return None
        amounts = []
        for quantity in parser.parse(text):
            if quantity.unit.entity.name == "currency":
                amounts.append(f"{plain(quantity.value)} {CODES.get(quantity.unit.name, quantity.unit.name)}")
            elif quantity.unit.name == "percentage":
                amounts.append(f"{plain(quantity.value)} %")
        return amounts
    return read


def right(found, expected):
    if found is None:
        return False
    wanted = [] if expected == "-" else expected.split("; ")
    fits = lambda one, want: one.split(" ")[0] == want.split(" ")[0] if want.endswith("?") else one == want
    return len(found) == len(wanted) and all(map(fits, sorted(found), sorted(wanted)))


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--speed"]
    rows = [line.split("\t") for line in (HERE / "texts.tsv").read_text(encoding="utf-8").splitlines()]
    texts = [(lang, text) for lang, text, _ in rows]
    peers = {}
    for name, make in (("recognizers-text 1.0.2a2", recognizers), ("price-parser 0.5.1", price_parser), ("quantulum3 0.10.0", quantulum)):
        try:
            peers[name] = make()
        except Exception as error:
            print(f"{name}: not to be had here: {error!r}")
    if "--speed" in sys.argv:
        text = pathlib.Path(arguments[0]).read_text(encoding="utf-8", errors="replace")[:100_000]
        pieces = [text[at:at + 5000] for at in range(0, len(text), 5000)]
        for name, read in peers.items():
            best = None
            for _ in range(2):
                began, done = time.process_time(), 0
                for piece in pieces:
                    read("fr", piece)
                    done += len(piece.encode())
                    if time.process_time() - began > 30:
                        break
                rate = done / (time.process_time() - began) / 1e6
                best = max(best or 0, rate)
            print(f"{name}: {best:.3f} MB/s")
        return
    answers = {"tamis": tamis(arguments[0], texts)}
    for name, read in peers.items():
        answers[name] = []
        for lang, text in texts:
            try:
                answers[name].append(read(lang, text))
            except Exception as error:
                answers[name].append([type(error).__name__])
    for name, found in answers.items():
        score = sum(right(one, row[2]) for one, row in zip(found, rows))
        print(f"{name}: {score} of {len(rows)}")
    for place, (lang, text, expected) in enumerate(rows):
        print(f"\n[{lang}] {text}\n    {'expected':26} {expected}")
        for name, found in answers.items():
            one = found[place]
            shown = "language not read" if one is None else "; ".join(one) or "-"
            print(f"    {name:26} {shown}{'' if right(one, expected) else '   <- wrong'}")


if __name__ == "__main__":
    main()
