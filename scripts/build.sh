#!/usr/bin/env bash
# Builds a preset, or the named targets of it.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/common.sh

preset=${1:-release}
[ $# -eq 0 ] || shift
case "$preset" in
  release | dev) environments=(engine) ;;
  asan | tsan) environments=(engine sanitizers) ;;
  *) stop "build: no preset $preset; presets: release dev asan tsan" ;;
esac

mkdir -p build
scripts/setup.sh "${environments[@]}"
if ! [ -f "build/$preset/build.ninja" ]; then
  cmake --preset "$preset" ${QUELL_PYTHON:+-DQUELL_PYTHON="$QUELL_PYTHON"} >"build/configure-$preset.log" 2>&1 ||
    { cat "build/configure-$preset.log" >&2; stop "build: cmake cannot configure the preset $preset"; }
fi
exec cmake --build "build/$preset" ${1:+--target "$@"}
