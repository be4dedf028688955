#!/usr/bin/env bash
# Makes the environments of the judges that the tests ask, in .judges. Quick when they are up to date:
#   openbadges  the 1EdTech validator (Python, with dependencies of its time)
#   node        axe-core, which the browser tests run in each page
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
python="${PYTHON:-python3}"
requirements="$here/openbadges/requirements.txt"
venv="$root/.judges/openbadges"
stamp="$venv/.stamp"

hash="$("$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$requirements")"

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ] && "$venv/bin/python" -c '' 2>/dev/null; then
  echo "judges: .judges/openbadges is up to date"
else
  rm -rf "$venv"
  mkdir -p "$root/.judges"
  "$python" -m venv "$venv"
  pip() { "$venv/bin/python" -m pip --quiet --disable-pip-version-check install --no-deps "$@" 2>"$venv/pip.log" || { cat "$venv/pip.log" >&2; exit 1; }; }
  pip "$(grep '^setuptools==' "$requirements")"
  pip --no-build-isolation --requirement "$requirements"
  echo "$hash" >"$stamp"
  echo "judges: .judges/openbadges installed"
fi

node="$root/.judges/node"
if cmp --silent "$here/node/package-lock.json" "$node/.installed"; then
  echo "judges: .judges/node is up to date"
else
  rm -rf "$node"
  mkdir -p "$node"
  cp "$here/node/package.json" "$here/node/package-lock.json" "$node/"
  npm ci --prefix "$node" --no-audit --no-fund --loglevel=error
  cp "$here/node/package-lock.json" "$node/.installed"
  echo "judges: .judges/node installed"
fi
