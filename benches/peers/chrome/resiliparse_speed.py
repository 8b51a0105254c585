"""Speed of resiliparse's main content extraction: resiliparse_speed.py FOLDER [PASSES]. CPU time, least per page."""
import pathlib, sys, time
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

passes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
pages = []
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    raw = path.read_bytes()
    pages.append((path.name, bytes_to_str(raw, detect_encoding(raw))))
least = [float("inf")] * len(pages)
for _ in range(passes):
    for place, (_, page) in enumerate(pages):
        start = time.thread_time()
        extract_plain_text(HTMLTree.parse(page), main_content=True, alt_texts=False, noscript=False)
        least[place] = min(least[place], time.thread_time() - start)
sizes = [len(page.encode("utf-8", "replace")) for _, page in pages]
slowest = max((t * 1e3 / (size / 1e6), name) for t, size, (name, _) in zip(least, sizes, pages) if size > 50_000)
print("resiliparse      %6.1f MB per CPU second; slowest page %.1f ms per MB (%s)" % (sum(sizes) / 1e6 / sum(least), *slowest))
