#!/usr/bin/env python3
"""Writes the tokenizer tests of html5lib-tests here, one test a line, without the lists of errors.

    update.py CHECKOUT/tokenizer

CHECKOUT is a checkout of html5lib-tests. Left out: the tests of the XML mode, and namedEntities and unicodeChars, which
say for each of 4,500 characters what a test in src/html/reference.rs says of the whole table.
"""
import json, pathlib, sys

FILES = ["contentModelFlags", "domjs", "entities", "escapeFlag", "numericEntities", "pendingSpecChanges", "test1", "test2",
         "test3", "test4", "unicodeCharsProblematic"]
KEYS = ["description", "initialStates", "lastStartTag", "doubleEscaped", "input", "output"]
here = pathlib.Path(__file__).parent
for name in FILES:
    tests = json.loads((pathlib.Path(sys.argv[1]) / f"{name}.test").read_text(encoding="utf-8"))["tests"]
    lines = [json.dumps({key: test[key] for key in KEYS if key in test}) for test in tests]
    (here / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
