#!/usr/bin/env python3
"""Loads a run with Hugging Face `datasets`, offline, and validates its Croissant metadata: load_dataset.py OUT...

Skips, with exit code 0, where `datasets` is not installed (`pip install datasets zstandard mlcroissant`)."""
import json
import os
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
try:
    import datasets
    from datasets import load_dataset
except ImportError:
    print("skipped: `datasets` is not installed")
    sys.exit(0)

COLUMNS = ["id", "source", "text", "title", "lang", "lang_confidence", "encoding", "sentences", "amounts", "metadata"]
AMOUNT = [
    "start", "end", "text", "kind", "value", "currency", "candidates", "unit", "low", "high", "modifier", "vague",
    "magnitude", "assumed", "inherited", "rule",
]


def check_rows(rows, kept):
    """Every row is there, and every offset slices what it says."""
    count = 0
    for row in rows:
        count += 1
        assert list(row) == COLUMNS, f"columns {list(row)}"
        for start, end in row["sentences"]:
            assert 0 <= start < end <= len(row["text"]), f"{row['id']}: sentence {start}..{end}"
        for amount in row["amounts"]:
            assert sorted(amount) == sorted(AMOUNT), f"{row['id']}: amount {sorted(amount)}"
            sliced = row["text"][amount["start"] : amount["end"]]
            assert sliced == amount["text"], f"{row['id']}: {sliced!r} is not {amount['text']!r}"
    assert count == kept, f"{count} rows, {kept} documents kept"


def check_run(run):
    with open(os.path.join(run, "report.json"), encoding="utf-8") as file:
        kept = json.load(file)["accounting"]["kept"]
    with tempfile.TemporaryDirectory() as cache:
        loaded = load_dataset(run, split="train", cache_dir=cache)
        types = {name: str(feature) for name, feature in loaded.features.items()}
        assert "null" not in str(types).lower() and "Json" not in str(types), f"inferred types: {types}"
        assert "int64" in types["sentences"] and "float64" in types["lang_confidence"], types
        check_rows(loaded, kept)
        check_rows(load_dataset(run, split="train", streaming=True, cache_dir=cache), kept)
    print(f"{run}: {kept} rows with datasets {datasets.__version__}, loaded and streamed")


def check_croissant(run):
    try:
        import mlcroissant
    except ImportError:
        print("skipped: `mlcroissant` is not installed")
        return
    path = os.path.join(run, "croissant.json")
    dataset = mlcroissant.Dataset(jsonld=path)
    issues = dataset.metadata.ctx.issues
    assert not issues.errors, issues.report()
    # What only a publisher knows may be missing; nothing else may be wanting.
    known = ("citeAs", "datePublished", "license", "version")
    wanting = [warning for warning in issues.warnings if not any(f"/{name}\"" in str(warning) for name in known)]
    assert not wanting, wanting
    told = "valid"
    with open(path, encoding="utf-8") as file:
        includes = json.load(file)["distribution"][0]["includes"]
    if not includes.endswith(".zst"):  # mlcroissant reads no Zstandard.
        count = 0
        for record in dataset.records("articles"):
            count += 1
            text = record["articles/text"].decode()
            for amount in record["articles/amounts"]:
                sliced = text[amount["articles/amounts/start"] : amount["articles/amounts/end"]]
                assert sliced.encode() == amount["articles/amounts/text"], amount
        told = f"valid, {count} records"
    print(f"{run}: croissant.json is {told} for mlcroissant")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for run in sys.argv[1:]:
        check_run(run)
        check_croissant(run)
