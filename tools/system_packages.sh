#!/usr/bin/env bash
# Installs what no Python wheel brings: a compiler, headers, software OpenGL for pictures and npm
# for the pose models; and the packages that are named. Asks apt-get only for what is missing; says what to do where it may not.
set -euo pipefail

missing=()
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
done
command -v g++ >/dev/null || missing+=(g++)
command -v npm >/dev/null || missing+=(npm)
python=${PYTHON:-python3}
"$python" -c "import ensurepip, venv" 2>/dev/null || missing+=(python3-venv)
"$python" -c "import sysconfig, pathlib, sys
sys.exit(not (pathlib.Path(sysconfig.get_path('include')) / 'Python.h').exists())" 2>/dev/null ||
  missing+=(python3-dev)
libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
grep -q libEGL.so.1 <<<"$libraries" || missing+=(libegl1)
ls /usr/lib/*/dri/swrast_dri.so >/dev/null 2>&1 || missing+=(libgl1-mesa-dri)

[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "installing system packages: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "system packages are missing: ${missing[*]}" >&2
  echo "install them with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
