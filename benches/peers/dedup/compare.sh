#!/bin/sh
# The peers on the same documents, alternately: compare.sh FILE [ROUNDS]. PYTHON has rensa 0.5.0.
set -eu
here=$(dirname "$0")
bin=${CARGO_TARGET_DIR:-$here/target}/release
for round in $(seq "${2:-3}"); do
    "$bin/tamis-peer" "$1" | sed -n 1p
    "$bin/gaoya-peer" "$1"
    "${PYTHON:-python3}" "$here/rensa_peer.py" "$1"
done
