#!/usr/bin/env python3
"""Python detectors beside the command `tamis`, over the same files: CPU time of a process each, the least of three.

    python3 -m venv venv && venv/bin/pip install -r benches/peers/decode/requirements.txt
    venv/bin/python benches/peers/decode/peers.py target/release/tamis [DIRECTORY]

Takes the articles of `corpus/` without a directory, each written in windows-1252. The time of an empty run of the same
process is taken off.
"""

import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
READ = "import sys, pathlib\nfiles = [p.read_bytes() for p in sorted(pathlib.Path(sys.argv[1]).iterdir())]\n"
PEERS = {
    "chardet 7.7.0": (READ + "import chardet\n", "for raw in files: raw.decode(chardet.detect(raw)['encoding'] or 'utf-8', 'replace')\n"),
    "charset-normalizer 3.5.2": (READ + "import charset_normalizer\n", "for raw in files: str(charset_normalizer.from_bytes(raw).best())\n"),
}
PIPELINE = 'name = "decode"\n[[stage]]\nuse = "decode"\n'


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main():
    tamis, folder = sys.argv[1], pathlib.Path((sys.argv + [ROOT / "corpus"])[2])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        inputs, empty = scratch / "in", scratch / "empty"
        inputs.mkdir()
        empty.mkdir()
        size = 0
        texts = [p.read_bytes() for p in sorted(folder.rglob("*")) if p.suffix in (".txt", ".html")]
        for number in range(8 * len(texts)):
            raw = texts[number % len(texts)].decode("utf-8", "replace").encode("windows-1252", "ignore")
            (inputs / f"{number:05}.txt").write_bytes(raw)
            size += len(raw)
        (scratch / "decode.toml").write_text(PIPELINE)
        print(f"{8 * len(texts)} files in windows-1252, {size / 1e6:.2f} MB")
        for name, (head, body) in PEERS.items():
            least = min(seconds([sys.executable, "-c", head + body, inputs]) for _ in range(3))
            idle = min(seconds([sys.executable, "-c", head, inputs]) for _ in range(3))
            print(f"    {name:<26} {size / 1e6 / (least - idle):8.1f} MB/s")
        out = iter(range(100))

        def run(source):
            return seconds([tamis, "run", scratch / "decode.toml", "--input", source, "--output",
                            scratch / f"out{next(out)}", "--jobs", "1", "--progress", "none", "--max-failed", "100000"])

        least, idle = min(run(inputs) for _ in range(3)), min(run(empty) for _ in range(3))
        print(f"    {'tamis, with its output':<26} {size / 1e6 / (least - idle):8.1f} MB/s")


if __name__ == "__main__":
    main()
