#!/usr/bin/env bash
# Installs what no Python wheel brings: a compiler, headers, software OpenGL for pictures, npm for
# the pose models and CycloneDDS for the robot's network; and the packages that are named. Asks
# apt-get only for what is missing; says what to do where it may not. Only CycloneDDS can be done
# without.
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

optional=()
[ -e /usr/include/dds/dds.h ] || optional+=(cyclonedds-dev)
command -v idlc >/dev/null || optional+=(cyclonedds-tools)

may_install() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }
install() {
  echo "installing system packages: $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
# The robot speaks 0.10; older distributions offer something else.
is_offered() { apt-cache policy cyclonedds-dev | grep 'Candidate: 0\.10\.' >/dev/null; }

[ ${#missing[@]} -eq 0 ] && [ ${#optional[@]} -eq 0 ] && exit 0
if may_install; then
  apt-get update -qq
  [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
  if [ ${#optional[@]} -gt 0 ]; then
    { is_offered && install "${optional[@]}"; } ||
      echo "no CycloneDDS 0.10 from apt-get: built without DDS"
  fi
  exit 0
fi
if [ ${#optional[@]} -gt 0 ]; then
  echo "built without DDS; for it: sudo apt-get install ${optional[*]}"
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "system packages are missing: ${missing[*]}" >&2
  echo "install them with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
