"""Configuration: TOML into frozen structs; unknown keys and values out of bounds are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from exoactor_rt.errors import ConfigError
from exoactor_rt.generation_config import GenerationConfig
from exoactor_rt.guard_config import GuardConfig
from exoactor_rt.service_config import ServiceConfig


class SubjectConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The person in the clip."""

    height_m: Annotated[float, Meta(ge=0.8, le=2.3)] = 1.75


class CameraConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The camera of the clip; without a focal length it is taken as the image's diagonal."""

    focal_px: Annotated[float, Meta(gt=50.0, le=20000.0)] | None = None


class SimulationConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The simulated robot: seed of its sensor noise, friction of the floor."""

    seed: Annotated[int, Meta(ge=0)] = 0
    friction: Annotated[float, Meta(ge=0.1, le=2.0)] = 0.8


class ControlConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who drives: the whole-body controller, a learned tracker, or whichever is there.

    "auto" takes a tracker where a general one is installed and verified. `policy` names it; without
    a name the first is taken. `policy_latency_s` holds in lock-step only.
    `joint_speed_ceiling_rad_s` caps what policies ask of the guard; the motors' ratings do anyway.
    """

    controller: Literal["wbc", "tracker", "auto"] = "wbc"
    policy: Annotated[str, Meta(max_length=64)] = ""
    policy_latency_s: Annotated[float, Meta(ge=0.0, le=0.04)] = 0.0
    joint_speed_ceiling_rad_s: Annotated[float, Meta(ge=10.0, le=40.0)] | None = None


class VerdictConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an execution must keep to pass: root mean squares over the followed joints.

    Those that begin with `tracker` hold for learned trackers, in place of their namesakes.
    """

    joint_rms_rad: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.105
    wrist_rms_m: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.08
    max_tilt_rad: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.7
    min_pelvis_height_m: Annotated[float, Meta(gt=0.0, le=0.8)] = 0.4
    heading_error_rad: Annotated[float, Meta(gt=0.0, le=3.2)] = 0.35
    duration_ratio: Annotated[float, Meta(ge=1.0, le=10.0)] = 2.5
    tracker_joint_rms_rad: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.175
    tracker_wrist_rms_m: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.12
    tracker_drift_m: Annotated[float, Meta(gt=0.0, le=10.0)] = 0.5


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a run can be told; every field has a default that works."""

    subject: SubjectConfig = SubjectConfig()
    camera: CameraConfig = CameraConfig()
    simulation: SimulationConfig = SimulationConfig()
    control: ControlConfig = ControlConfig()
    guard: GuardConfig = GuardConfig()
    verdict: VerdictConfig = VerdictConfig()
    generation: GenerationConfig = GenerationConfig()
    service: ServiceConfig = ServiceConfig()


def load_config(path: Path) -> Config:
    """Reads a TOML file.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or has an unknown key, a wrong type or a
            value out of bounds; the message names the key's path.
    """
    try:
        values = msgspec.toml.decode(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    return _converted(values, str(path))


def with_values(config: Config, values: dict[str, dict[str, object]]) -> Config:
    """`config` with some values replaced, section -> key -> value; None keeps what is there.

    Raises:
        ConfigError: an unknown key, a wrong type or a value out of bounds.
    """
    merged = msgspec.to_builtins(config)
    for section, entries in values.items():
        merged[section].update({key: value for key, value in entries.items() if value is not None})
    return _converted(merged, "options")


def _converted(values: Any, where: str) -> Config:
    try:
        return msgspec.convert(values, type=Config)
    except msgspec.ValidationError as error:
        expected, _, place = str(error).replace("`", "").partition(" - at $.")
        if not place:
            raise ConfigError(f"{where}: {expected}") from error
        got = values
        for key in place.split("."):
            got = got.get(key) if isinstance(got, dict) else None
        told = "" if isinstance(got, dict) else f" {got!r}"
        raise ConfigError(f"{where}: {place}{told}: {expected}") from error
