#!/usr/bin/env bash
# Installs what is missing, and nothing else: Debian packages, then the named Python environments, by default those
# that the tests need. An environment NAME is made from dependencies/NAME.txt, and may ask for Debian packages of its
# own in dependencies/debian-NAME.txt, and for jars in dependencies/NAME.ivy.xml. Made again only when one of them changes.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/common.sh

default_environments=(engine localstack moto dagster remote peers-spark peers-deltalake peers-polars)

known_environments() {
  local file
  for file in dependencies/*.txt; do
    file=$(basename "$file" .txt)
    case "$file" in debian) ;; *) say "${file#debian-}" ;; esac
  done | sort -u
}

missing_debian_packages() {  # FILE...
  local package
  grep -hv '^#' "$@" | while read -r package; do
    if ! dpkg-query -W -f '${db:Status-Abbrev}\n' "$package" 2>/dev/null | grep -q '^ii'; then say "$package"; fi
  done
}

install_debian_packages() {  # FILE...
  local missing prefix=()
  command -v dpkg-query >/dev/null || stop "setup: this is not Debian: install the packages of $* by hand"
  missing=$(missing_debian_packages "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || stop "setup: missing Debian packages, and no sudo; as root: apt-get install $missing"
    prefix=(sudo)
  fi
  say "setup: installing Debian packages: $missing"
  local log=build/setup-apt.log
  mkdir -p build
  # The package lists may be old, so a failed install is tried again after an update.
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive "${prefix[@]}" apt-get install -y -q --no-install-recommends $missing >"$log" 2>&1 ||
    { "${prefix[@]}" apt-get update -q >>"$log" 2>&1 &&
      "${prefix[@]}" apt-get install -y -q --no-install-recommends $missing >>"$log" 2>&1; } ||
    stop "setup: apt-get cannot install: $missing ($(grep -E '^E:' "$log" | head -n 1); the log: $log)"
}

host_python() {
  local candidate
  for candidate in ${QUELL_HOST_PYTHON:-} python3.11 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      say "$candidate"
      return 0
    fi
  done
  return 1
}

# Spark brings Ivy along, the client of Maven repositories; what it fetched once stays in .cache/ivy.
fetch_jars() {  # NAME FOLDER
  local name=$1 folder=$2 log=build/setup-$1-jars.log
  [ -f "dependencies/$name.ivy.xml" ] || return 0
  command -v java >/dev/null || stop "setup: $folder needs Java: install the packages of dependencies/debian-$name.txt"
  java -jar "$folder"/lib/python3.11/site-packages/pyspark/jars/ivy-*.jar -warn -cache .cache/ivy \
    -ivy "dependencies/$name.ivy.xml" -confs default -types jar -sync \
    -retrieve "$folder/jars/[artifact]-[revision].[ext]" >"$log" 2>&1 ||
    stop "setup: Ivy cannot fetch the jars of dependencies/$name.ivy.xml (the log: $log)"
}

make_environment() {  # NAME
  local name=$1 folder log python
  [ -f "dependencies/$name.txt" ] || return 0
  folder=$(environment_folder "$name")
  log=build/setup-$name.log
  if is_environment_current "$name"; then return 0; fi
  python=$(host_python) || stop "setup: needs Python 3.11 (python3.11 on the path, or QUELL_HOST_PYTHON)"
  say "setup: making $folder from dependencies/$name.txt"
  mkdir -p build
  if ! [ -x "$folder/bin/python" ] || [ "$(cut -d' ' -f1 "$folder/.stamp" 2>/dev/null)" != "$root" ]; then
    "$python" -m venv --clear "$folder" >"$log" 2>&1 || stop "setup: $python cannot make $folder (the log: $log)"
  fi
  rm -f "$folder/.stamp"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "dependencies/$name.txt" \
    >"$log" 2>&1 || stop "setup: pip cannot install dependencies/$name.txt: $(grep -E '^ERROR' "$log" | head -n 1) (the log: $log)"
  fetch_jars "$name" "$folder"
  # The package itself is imported from the tree.
  say "$root/python" >"$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/quell.pth"
  environment_stamp "$name" >"$folder/.stamp"
}

names=("$@")
if [ ${#names[@]} -eq 0 ]; then names=("${default_environments[@]}"); fi
if [ "${names[*]}" = all ]; then mapfile -t names < <(known_environments); fi

debian_files=(dependencies/debian.txt)
for name in "${names[@]}"; do
  [ -f "dependencies/$name.txt" ] || [ -f "dependencies/debian-$name.txt" ] ||
    stop "setup: no environment $name; known: $(known_environments | tr '\n' ' ')"
  if [ -f "dependencies/debian-$name.txt" ]; then debian_files+=("dependencies/debian-$name.txt"); fi
done

mkdir -p .venvs
exec 8>.venvs/.lock
flock 8
install_debian_packages "${debian_files[@]}"
# Most of the time goes to downloads, so the environments are made side by side.
jobs=()
for name in "${names[@]}"; do
  make_environment "$name" &
  jobs+=($!)
done
code=0
for job in "${jobs[@]}"; do wait "$job" || code=1; done
exit $code
