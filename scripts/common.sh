# What the shell scripts share. Sourced in the root of the tree.
root=$(pwd)

say() { printf '%s\n' "$*"; }

# Ends the command with one line that says what is missing.
stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

# The Python that has the engine's packages; $QUELL_PYTHON takes the place of `.venv`.
engine_python() { say "${QUELL_PYTHON:-$root/.venv/bin/python}"; }

# The folder of the environment that dependencies/NAME.txt describes.
environment_folder() {
  if [ "$1" = engine ]; then say .venv; else say ".venvs/$1"; fi
}

# What an environment must have been made from to be current.
environment_stamp() {
  local files=("dependencies/$1.txt")
  if [ -f "dependencies/$1.ivy.xml" ]; then files+=("dependencies/$1.ivy.xml"); fi
  say "$root $(cat "${files[@]}" | sha256sum | cut -d' ' -f1)"
}

is_environment_current() {
  local folder
  folder=$(environment_folder "$1")
  if [ "$1" = engine ] && [ -n "${QUELL_PYTHON:-}" ]; then return 0; fi
  [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$(environment_stamp "$1")" ]
}

# Sets up the named environments where they are not current.
ensure_environments() {
  local name
  for name in "$@"; do
    if ! is_environment_current "$name"; then scripts/setup.sh "$name"; fi
  done
}
