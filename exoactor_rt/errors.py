"""Errors of the project: one small tree, caught at one place, told in one line."""


class ExoactorError(Exception):
    """Base of every error raised on purpose. The message says where, what, got, allowed."""


class ConfigError(ExoactorError):
    """A configuration file or value is not acceptable."""


class AssetError(ExoactorError):
    """A model, mesh or other downloaded file is missing, wrong or could not be fetched."""


class GenerationError(ExoactorError):
    """The remote video job failed."""


class VideoError(ExoactorError):
    """A clip cannot be decoded or is outside the allowed limits."""


class PerceptionError(ExoactorError):
    """No usable person was found in a clip, or an engine failed."""


class MotionError(ExoactorError):
    """A human motion cannot be recovered or read."""


class RetargetError(ExoactorError):
    """A human motion cannot be mapped to the robot."""


class PlanningError(ExoactorError):
    """No feasible plan exists for a reference."""


class HardwareError(ExoactorError):
    """The robot, real or simulated, is not usable."""


class LogError(ExoactorError):
    """A log cannot be written or read."""


class PolicyError(ExoactorError):
    """A learned policy or its bundle is not acceptable."""


class LinkError(ExoactorError):
    """The link to the control process failed, or a request over it was refused."""
