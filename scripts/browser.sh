#!/usr/bin/env bash
# Installs what the browser tests need into .jishi/browser: a Chromium and a Chinese font.
set -euo pipefail
source "$(dirname "$0")/place.sh"
source scripts/node.sh
use_node
npm_packages tests/browser
target="$PWD/.jishi/browser"
wanted="$(digest tests/browser/package-lock.json tests/browser/unpack.mjs)"
if [ "$(cat "$target/stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
began=$(now)
rm -rf "$target"
mkdir -p "$target"
(cd tests/browser && TMPDIR="$target" node unpack.mjs)
told "$began" "浏览器 · Chromium unpacked"
echo "$wanted" >"$target/stamp"
