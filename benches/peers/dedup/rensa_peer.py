"""rensa 0.5 on the documents of a JSON-lines file: rensa_peer.py FILE [THRESHOLD]

Tokenising (\\w+ of the lower-cased text), shingling (five words), signatures (128 of 32 bits, 16 bands), look-up with its
own verification and insertion, as its documentation shows it. Tells CPU seconds without the reading of the file.
"""

import json
import re
import sys
import time

from rensa import RMinHash, RMinHashLSH

path, threshold = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.7
with open(path, encoding="utf-8") as lines:
    texts = [json.loads(line)["text"] for line in lines]
word = re.compile(r"\w+")

clock = time.process_time()
index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=16)
signatures = []
dropped = 0
for number, text in enumerate(texts):
    words = word.findall(text.lower())
    signature = RMinHash(num_perm=128, seed=42)
    signature.update([" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))])
    if any(signature.jaccard(signatures[other]) >= threshold for other in index.query(signature)):
        dropped += 1
    else:
        index.insert(number, signature)
    signatures.append(signature)
took = time.process_time() - clock
megabytes = sum(len(text.encode()) for text in texts) / 1e6
print(f"rensa   {took:8.2f} s of CPU {megabytes / took:7.1f} MB/s, {dropped} of {len(texts)} dropped")
