#!/usr/bin/env bash
# Installs exactly what uv.lock says into .venv, once per lock file. uv itself comes from the package index.
set -euo pipefail
source "$(dirname "$0")/place.sh"
uv_version="$1"

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "需要 Python 3.11 至 3.13(可用 PYTHON=… 指定)/ Python 3.11 to 3.13 is needed (name it by PYTHON=...)"
}

stamp=".jishi/stamps/install"
wanted="$uv_version $PWD $(digest uv.lock pyproject.toml)"
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

kept_at="$(cut -d' ' -f2 "$stamp" 2>/dev/null || true)"
if ! .venv/bin/python -c '' 2>/dev/null || { [ -n "$kept_at" ] && [ "$kept_at" != "$PWD" ]; }; then
  began=$(now)
  python="$(find_python)"
  rm -rf .venv 2>/dev/null ||
    fail ".venv 属于其他用户，请用原用户运行或删除它 / .venv belongs to another user: run as that user or remove it"
  "$python" -m venv .venv >/dev/null 2>&1 || "$python" -m venv --without-pip .venv ||
    fail "无法建立 .venv / cannot make .venv"
  told "$began" "虚拟环境 · virtual environment"
fi

if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$uv_version" ]; then
  began=$(now)
  if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    pip=(.venv/bin/python -m pip)
  else # a Python without ensurepip: the system's pip can install into our environment
    pip=("$(find_python)" -m pip --python .venv/bin/python)
  fi
  "${pip[@]}" install --quiet --disable-pip-version-check "uv==$uv_version" ||
    fail "无法安装 uv,请检查网络与 pip 设置 / cannot install uv: check the network and pip's settings"
  told "$began" "uv $uv_version"
fi

began=$(now)
UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv UV_NO_PROGRESS=1 VIRTUAL_ENV="$PWD/.venv" \
  .venv/bin/uv sync --frozen --quiet --compile-bytecode ||
  fail "依赖安装失败 / installing the locked packages failed"
told "$began" "锁定的依赖 · locked packages"
echo "$wanted" >"$stamp"
