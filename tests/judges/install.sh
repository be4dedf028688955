#!/usr/bin/env bash
# Makes the environments of the judges that the tests ask, in .judges. Quick when they are up to date:
#   openbadges  the 1EdTech validator of Open Badges 2.0 (Python, with dependencies of its time)
#   ob3         openbadgeslib and JSON Schema for Open Badges 3.0 (Python), with 1EdTech's schemas
#   node        the verifiers of Open Badges 3.0 from npm, and axe-core, which the browser tests run in each page
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
python="${PYTHON:-python3}"
mkdir -p "$root/.judges"

hash_of() { cat "$@" | "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

# up_to_date <environment> <hash>
up_to_date() { [ -f "$1/.stamp" ] && [ "$(cat "$1/.stamp")" = "$2" ] && "$1/bin/python" -c '' 2>/dev/null; }

# pip <environment> <arguments>
pip() {
  local venv="$1"
  shift
  "$venv/bin/python" -m pip --quiet --disable-pip-version-check "$@" 2>"$venv/pip.log" || { cat "$venv/pip.log" >&2; exit 1; }
}

venv="$root/.judges/openbadges"
requirements="$here/openbadges/requirements.txt"
hash="$(hash_of "$requirements")"
if up_to_date "$venv" "$hash"; then
  echo "judges: .judges/openbadges is up to date"
else
  rm -rf "$venv"
  "$python" -m venv "$venv"
  pip "$venv" install --no-deps "$(grep '^setuptools==' "$requirements")"
  pip "$venv" install --no-deps --no-build-isolation --requirement "$requirements"
  echo "$hash" >"$venv/.stamp"
  echo "judges: .judges/openbadges installed"
fi

venv="$root/.judges/ob3"
hash="$(hash_of "$here/ob3/requirements.txt" "$here/ob3/source.txt")"
if up_to_date "$venv" "$hash"; then
  echo "judges: .judges/ob3 is up to date"
else
  rm -rf "$venv"
  "$python" -m venv "$venv"
  pip "$venv" install --no-deps --requirement "$here/ob3/requirements.txt"
  pip "$venv" download --no-deps --no-binary openbadgeslib --require-hashes --dest "$venv/source" --requirement "$here/ob3/source.txt"
  "$venv/bin/python" "$here/ob3/schemas.py" "$venv"/source/openbadgeslib-*.tar.gz "$venv/schemas"
  echo "$hash" >"$venv/.stamp"
  echo "judges: .judges/ob3 installed"
fi

node="$root/.judges/node"
if cmp --silent "$here/node/package-lock.json" "$node/.installed" && [ -d "$node/node_modules" ]; then
  echo "judges: .judges/node is up to date"
else
  rm -rf "$node"
  mkdir -p "$node"
  cp "$here/node/package.json" "$here/node/package-lock.json" "$node/"
  npm ci --prefix "$node" --no-audit --no-fund --loglevel=error
  test -f "$node/node_modules/axe-core/axe.min.js"  # npm that is interrupted may still say that all is well
  cp "$here/node/package-lock.json" "$node/.installed"
  echo "judges: .judges/node installed"
fi
# A module finds its packages from where it lies itself.
cp "$here"/node/*.mjs "$node/"

# Contexts that only npm has, where the verifier looks for them, unless packaging put them there already.
bundle="$root/generator/badge_passport/_bundle/contexts.json"
if [ ! -f "$bundle" ]; then
  mkdir -p "$(dirname "$bundle")"
  node "$node/bundle.mjs" >"$bundle.new"
  mv "$bundle.new" "$bundle"
fi
