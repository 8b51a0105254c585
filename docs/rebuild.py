#!/usr/bin/env python3
"""Rebuilds clean texts from raw files and the ledger alone: rebuild.py OUT INPUT_DIR [ID]

With an ID it prints that document's text; without one it checks the SHA-256 of every text of the run."""
import base64, functools, glob, gzip, hashlib, io, json, os, sys

# Python's names of WHATWG's labels. Sequences that the two read differently are written out in the ledger; of encodings
# that WHATWG does not know and of those with shift states, everything but ASCII is.
NAMES = {"windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman", "big5": "big5hkscs",
         "iso-8859-8-i": "iso8859_8", "euc-kr": "cp949", "shift_jis": "cp932", "gbk": "gb18030"}

@functools.lru_cache(maxsize=2)  # records of one file are read on, not from its start
def unpacked(path):
    if path.endswith(".zst"):
        import zstandard  # pip install zstandard
        return zstandard.ZstdDecompressor().stream_reader(open(path, "rb"), read_across_frames=True)
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")

def raw_bytes(line, directory):
    file = unpacked(os.path.join(directory, line["file"]) if os.path.isdir(directory) else directory)
    start, end = line["byte_range"] or (0, line["raw_bytes"])
    file.seek(start)
    data = file.read(end - start)
    if line["byte_range"] is None:
        return data
    value = json.loads(data)[line["field"]]
    return base64.b64decode(value) if line["field"] == "raw" else value.encode()

def rebuilt(line, raw):
    label, text, at = line["encoding"] or "utf-8", [], 0
    for start, end, _rule, replacement in line["edits"] + [[len(raw), len(raw), None, None]]:
        kept = raw[at:start]
        plain = kept.isascii() and not label.startswith("utf-")
        text += [kept.decode("ascii" if plain else NAMES.get(label, label)), replacement or ""]
        at = end
    return "".join(text)

run, inputs, wanted, count = sys.argv[1], sys.argv[2], (sys.argv + [None])[3], 0
for shard in sorted(glob.glob(os.path.join(glob.escape(run), "ledger", "part-*"))):
    for line in map(json.loads, io.TextIOWrapper(unpacked(shard), "utf-8")):
        if line["text_sha256"] and wanted in (None, line["id"]):
            text, count = rebuilt(line, raw_bytes(line, inputs)), count + 1
            if hashlib.sha256(text.encode()).hexdigest() != line["text_sha256"]:
                sys.exit(f"{line['id']}: the text is not the one that was written")
            if wanted is not None:
                print(text)
print(f"{count} texts rebuilt", file=sys.stderr)
sys.exit(wanted is not None and count == 0)
