# Sourced by the other scripts: where things are, and caches that can be written. Settings that the environment
# already has (registries, proxies, certificates, caches) are left as they are.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache_home="${XDG_CACHE_HOME:-${HOME:-/nowhere}/.cache}"
if [ ! -d "$(dirname "$cache_home")" ] || ! mkdir -p "$cache_home" 2>/dev/null || [ ! -w "$cache_home" ]; then
  export UV_CACHE_DIR="${UV_CACHE_DIR:-$PWD/.jishi/cache/uv}"
  export PIP_CACHE_DIR="${PIP_CACHE_DIR:-$PWD/.jishi/cache/pip}"
fi
export npm_config_cache="${npm_config_cache:-$PWD/.jishi/cache/npm}"
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false

# Prints "  12.3 s  what" for a step that began at $1 (from `now`).
now() { date +%s%N; }
told() { awk -v ns="$(($(now) - $1))" -v what="$2" 'BEGIN { printf "  %6.1f s  %s\n", ns / 1e9, what }'; }
fail() {
  echo "错误 error: $1" >&2
  exit 1
}
digest() { cat "$@" | cksum | tr ' ' '-'; }

mkdir -p .jishi/stamps .jishi/cache 2>/dev/null && [ -w .jishi/stamps ] && [ -w .jishi/cache ] ||
  fail "不能写入 $PWD/.jishi:请用原用户运行，或删除该目录 / cannot write it: run as the user who made it, or remove it"
