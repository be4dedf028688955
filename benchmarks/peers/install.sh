#!/usr/bin/env bash
# Installs Eleventy, which the benchmarks measure, into .peers. Hugo and MkDocs come with the Python packages.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
peers="$(cd "$here/../.." && pwd)/.peers"
if cmp --silent "$here/eleventy/package-lock.json" "$peers/.installed" && [ -d "$peers/node_modules" ]; then
  echo "peers: .peers is up to date"
else
  rm -rf "$peers"
  mkdir -p "$peers"
  cp "$here/eleventy/package.json" "$here/eleventy/package-lock.json" "$peers/"
  npm ci --prefix "$peers" --no-audit --no-fund --loglevel=error
  test -f "$peers/node_modules/@11ty/eleventy/cmd.cjs"  # npm that is interrupted may still say that all is well
  cp "$here/eleventy/package-lock.json" "$peers/.installed"
  echo "peers: .peers installed"
fi
