#!/usr/bin/env bash
# Builds the pages once per content of frontend/. Node.js is the system's if new enough, else the wheel's.
set -euo pipefail
source "$(dirname "$0")/place.sh"
source scripts/node.sh

[ -f frontend/package-lock.json ] || fail "缺少 frontend/package-lock.json / it is missing"
stamp=".jishi/stamps/web"
# Everything in the folder but what installing and building write themselves.
wanted="$(cd frontend && find . \( -name node_modules -o -name dist -o -name '*.tsbuildinfo' \) -prune -o -type f -print |
  LC_ALL=C sort | while IFS= read -r file; do printf '%s ' "$file"; cksum <"$file"; done | cksum | tr ' ' '-')"
if [ -f frontend/dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi

use_node
npm_packages frontend
began=$(now)
(cd frontend && npm run --silent build >../.jishi/web.log 2>&1) || {
  tail -n 30 .jishi/web.log >&2
  fail "网页构建失败(详见 .jishi/web.log)/ building the pages failed (see .jishi/web.log)"
}
told "$began" "网页 · pages built"
echo "$wanted" >"$stamp"
