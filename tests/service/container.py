"""A booted systemd in a container: an overlay of this machine's own root, thrown away after."""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PREFIX = Path("/opt/exoactor")
SYSTEM_PYTHON = Path("/usr/bin/python3")
AWAKE_DEVICE = Path("/dev/cpu_dma_latency")
_BOOT_WITHIN_S = 60.0


def missing():
    """What keeps a container from running here; empty where nothing does."""
    if os.geteuid() != 0:
        return "only root can boot a container"
    if not shutil.which("systemd-nspawn"):
        return "systemd-nspawn is not installed (apt-get install systemd-container)"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    told = subprocess.run([SYSTEM_PYTHON, "--version"], capture_output=True, text=True, check=False)
    if f"Python {version}." not in told.stdout:
        return f"{SYSTEM_PYTHON} is not Python {version}, with which the package was built"
    return ""


class Container:
    """A running one; commands run in its namespaces."""

    def __init__(self, folder, leader):
        self.folder = folder
        self._leader = leader

    def words(self, *command, user=None):
        """The command line, for this machine, of a command in it."""
        words = ["nsenter", "-t", str(self._leader), "-m", "-p", "-u", "-i", "-n", "-C"]
        if user:
            words += ["runuser", "-u", user, "--"]
        return [*words, *map(str, command)]

    def run(self, *command, check=True, user=None, timeout_s=120):
        """Runs a command in it; returns (exit code, what it printed)."""
        done = subprocess.run(
            self.words(*command, user=user),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}"
        return done.returncode, done.stdout

    def exoactor(self, *words, **options):
        """Runs the command line of the installed package."""
        return self.run(PREFIX / "bin/python", "-m", "exoactor_rt.cli.main", *words, **options)

    def property_of(self, unit, name):
        """One property of a unit, as systemctl shows it."""
        return self.run("systemctl", "show", "-p", name, "--value", unit)[1].strip()

    def journal(self, unit):
        """The unit's journal."""
        return self.run("journalctl", "--unit", unit, "--output", "cat", "--no-pager")[1]

    def wait_until(self, wanted, timeout_s=30.0):
        """Until `wanted()` is true."""
        until_s = time.monotonic() + timeout_s
        while not wanted():
            assert time.monotonic() < until_s, self.run("journalctl", "-n", "40", check=False)[1]
            time.sleep(0.1)

    def make_device(self, path):
        """A device that this machine has, where it has it: its own node, with its own owner."""
        if path.exists():
            number = path.stat().st_rdev
            self.run("mknod", "-m", "600", path, "c", os.major(number), os.minor(number))

    def make_environment(self):
        """A virtual environment under /opt that sees the packages of this one."""
        self.run(SYSTEM_PYTHON, "-m", "venv", "--without-pip", PREFIX)
        packages = sysconfig.get_path("purelib")
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        link = f"import site; site.addsitedir({packages!r})\n"
        target = PREFIX / "lib" / version / "site-packages" / "host.pth"
        self.run("sh", "-c", f'printf "%s" "$1" > {target}', "sh", link)


@contextmanager
def booted(folder):
    """A container, from here to the end of the body; `folder` is for its files."""
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for made in (upper, work, root):
        made.mkdir()
    options = f"lowerdir=/,upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, root], check=True)
    machine = None
    try:
        machine = _start(root, folder)
        container = Container(folder, _leader(machine))
        container.wait_until(
            lambda: (
                container.run("systemctl", "is-system-running", check=False)[1].strip()
                in ("running", "degraded")
            ),
            _BOOT_WITHIN_S,
        )
        container.make_device(AWAKE_DEVICE)
        yield container
    finally:
        if machine is not None:
            machine.terminate()
            with suppress(subprocess.TimeoutExpired):
                machine.wait(20)
            machine.kill()
        subprocess.run(["umount", "--lazy", root], check=False)


def _start(root, folder):
    binds = dict.fromkeys((REPOSITORY, Path(sys.prefix)))
    log = (folder / "console.log").open("wb")
    return subprocess.Popen(
        [
            "systemd-nspawn",
            "--quiet",
            "--boot",
            "--register=no",
            "--keep-unit",
            "--private-network",
            "--link-journal=no",
            "--capability=CAP_IPC_LOCK,CAP_SYS_NICE",
            "--console=pipe",
            *(f"--bind-ro={path}" for path in binds),
            f"--directory={root}",
        ],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
    )


def _leader(machine):
    until_s = time.monotonic() + _BOOT_WITHIN_S
    while time.monotonic() < until_s:
        told = subprocess.run(
            ["pgrep", "-P", str(machine.pid)], capture_output=True, text=True, check=False
        )
        if told.stdout.strip():
            time.sleep(0.5)
            return int(told.stdout.split()[0])
        assert machine.poll() is None, "the container ended at once"
        time.sleep(0.1)
    raise AssertionError("the container did not boot")
