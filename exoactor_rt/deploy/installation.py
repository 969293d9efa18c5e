"""Installs, upgrades and removes the services: users, folders, units, configuration.

An installation over an older one is an upgrade: where the new units do not come to run, the old
ones are put back and started again.
"""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from exoactor_rt.config import load_config
from exoactor_rt.deploy.system import System
from exoactor_rt.errors import ConfigError, LinkError
from exoactor_rt.link import ControlLink, ControlState

_LOG = logging.getLogger(__name__)
USER = "exoactor"
CONTROL_USER = "exoactor-control"
"""Another user than the service's, so that the service cannot kill what holds the robot up."""

CONTROL_UNIT = "exoactor-control.service"
STANDBY_UNIT = "exoactor-standby.service"
SERVICE_UNIT = "exoactor.service"
SOCKET_UNIT = "exoactor.socket"
UNITS = (STANDBY_UNIT, CONTROL_UNIT, SERVICE_UNIT, SOCKET_UNIT)
"""In the order in which the services start."""

UNIT_FOLDER = Path("/etc/systemd/system")
CONFIG = Path("/etc/exoactor/config.toml")
DATA_FOLDERS = tuple(
    Path(name)
    for name in (
        "/var/lib/exoactor",
        "/var/cache/exoactor",
        "/var/log/exoactor-control",
        "/run/exoactor",
    )
)
CONTROL_SOCKET = Path("/run/exoactor/control.sock")
_READY_WITHIN_S = 60.0
_STATE_WITHIN_S = 2.0
_HOMES = ("/home/", "/root/", "/run/user/")


@dataclass(frozen=True)
class Release:
    """What is installed.

    Attributes:
        python: absolute path of the interpreter whose environment holds the package.
        control_options: of `exoactor control`, e.g. `--robot sim`.
        after_stop: run when control has ended, to damp a robot that was left driven; may be empty.
        standby: damps when control and its damper die together; where it is empty there is no such
            unit.
        documents: folder of the documents, for the units' Documentation.
    """

    python: str = sys.executable
    control_options: str = "--robot sim"
    after_stop: str = ""
    standby: str = ""
    documents: str = "/usr/share/doc/exoactor"


def install(
    system: System, release: Release | None = None, *, let_robot_fall: bool = False
) -> None:
    """Installs and starts, or upgrades; raises ConfigError and puts the old units back.

    Args:
        system: what is installed into.
        release: what is installed.
        let_robot_fall: go on although control holds the robot up, or does not answer.
    """
    release = release or Release()
    system.require_usable()
    _check(release)
    if not let_robot_fall:
        require_robot_down(system)
    units = unit_texts(release)
    before = {name: _read(UNIT_FOLDER / name) for name in UNITS}
    _make_users(system)
    if not CONFIG.exists():
        CONFIG.parent.mkdir(exist_ok=True)
        CONFIG.write_text(_template("config.toml"), encoding="utf-8")
        CONFIG.parent.chmod(0o755)
        CONFIG.chmod(0o644)
    load_config(CONFIG)
    try:
        _put(system, units)
    except BaseException as error:
        _LOG.error("rollback=%r", str(error))
        _put_back(system, before)
        if isinstance(error, ConfigError):
            kept = f"the units are as they were before; user {USER} and {CONFIG} are kept"
            raise ConfigError(f"{error}; {kept}") from error
        raise


def uninstall(system: System, *, let_robot_fall: bool = False) -> None:
    """Stops and removes everything, tasks and configuration included; see install."""
    system.require_usable()
    if not let_robot_fall:
        require_robot_down(system)
    present = [name for name in UNITS if (UNIT_FOLDER / name).exists()]
    if present:
        system.systemctl("disable", "--now", *present)
    for name in UNITS:
        (UNIT_FOLDER / name).unlink(missing_ok=True)
    system.systemctl("daemon-reload")
    for folder in (CONFIG.parent, *DATA_FOLDERS):
        shutil.rmtree(folder, ignore_errors=True)
    for user in (USER, CONTROL_USER):
        if system.has_user(user):
            system.run("userdel", user)
    if system.has_group(USER):
        system.run("groupdel", USER)


def require_robot_down(system: System, socket: Path = CONTROL_SOCKET) -> None:
    """Raises ConfigError where an end of the control process could make the robot fall."""
    if not system.is_active(CONTROL_UNIT):
        return
    consequence = "its end would let the robot fall; nothing done"
    state: ControlState
    try:
        with ControlLink(socket, name="installation") as link:
            state = link.wait_for(lambda _: True, _STATE_WITHIN_S)
    except LinkError as error:
        raise ConfigError(f"control runs and does not answer ({error}); {consequence}") from error
    if state.driven:
        raise ConfigError(
            f"robot: guard is in {state.guard}, must be silent, damping or ready: exoactor damp "
            f"first; {consequence}"
        )


def unit_texts(release: Release) -> dict[str, str]:
    """Unit -> text, for this release."""
    values = {
        "@PYTHON@": release.python,
        "@CONTROL_OPTIONS@": release.control_options,
        "@AFTER_STOP@": release.after_stop,
        "@STANDBY@": release.standby,
        "@NOTIFY_ACCESS@": "all" if release.after_stop else "main",  # the damper runs control
        "@DOCUMENTS@": release.documents,
    }
    texts = {}
    for name in UNITS:
        if name == STANDBY_UNIT and not release.standby:
            continue
        text = _template(name)
        for mark, value in values.items():
            text = text.replace(mark, value)
        texts[name] = text
    return texts


def _check(release: Release) -> None:
    path = release.python
    if not path.startswith("/") or any(character.isspace() for character in path):
        raise ConfigError(f"install-service: interpreter {path!r} must be a plain absolute path")
    for real in (path, str(Path(path).resolve())):
        if real.startswith(_HOMES):
            raise ConfigError(
                f"install-service: {real} lies in a home folder, which the services cannot see; "
                "install the package into a virtual environment under /opt, e.g. /opt/exoactor"
            )


def _make_users(system: System) -> None:
    if not system.has_group(USER):
        system.run("groupadd", "--system", USER)
    words = ("--system", "--gid", USER, "--no-create-home", "--shell", "/usr/sbin/nologin")
    for user in (USER, CONTROL_USER):
        if not system.has_user(user):
            system.run("useradd", *words, user)


def _put(system: System, units: Mapping[str, str]) -> None:
    """Writes the units and starts them, and removes those that are not among them.

    Raises:
        ConfigError: one does not come to run.
    """
    for name in UNITS:
        if name not in units:
            _remove(system, name)
    for name, text in units.items():
        (UNIT_FOLDER / name).write_text(text, encoding="utf-8")
    system.systemctl("daemon-reload")
    system.systemctl("enable", *units)
    system.systemctl("reset-failed", *units)
    system.systemctl("restart", SOCKET_UNIT)
    for name in units:
        if name == SOCKET_UNIT:
            continue
        system.systemctl("restart", "--no-block", name)
        if not system.wait_active(name, _READY_WITHIN_S):
            raise ConfigError(f"{name} did not come to run: {system.last_words(name)}")


def _put_back(system: System, before: Mapping[str, str | None]) -> None:
    for name, text in before.items():
        if text is None:
            _remove(system, name)
        else:
            (UNIT_FOLDER / name).write_text(text, encoding="utf-8")
    system.systemctl("daemon-reload")
    known = [name for name, text in before.items() if text is not None]
    if known:
        system.systemctl("reset-failed", *known)
        system.systemctl("restart", *known)


def _remove(system: System, unit: str) -> None:
    path = UNIT_FOLDER / unit
    if path.exists():
        system.systemctl("disable", "--now", unit)
        path.unlink()


def _template(name: str) -> str:
    return files("exoactor_rt.deploy").joinpath("files").joinpath(name).read_text(encoding="utf-8")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
