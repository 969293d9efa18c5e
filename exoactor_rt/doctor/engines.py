"""Whether the models and the engines that run them are here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from exoactor_rt.assets import list_models
from exoactor_rt.doctor.finding import Finding, judged, skipped
from exoactor_rt.tracker.store import list_policies


def check_engines() -> list[Finding]:
    """Pose models, learned policies, ONNX Runtime, MuJoCo. Reads no model file."""
    return [_models(), _policies(), _onnxruntime(), _mujoco()]


def _models() -> Finding:
    statuses = list_models()
    missing = [f"{status.name}: {status.problem}" for status in statuses if status.problem]
    return judged(
        "pose models",
        "warn" if missing else "pass",
        "; ".join(missing) or f"{len(statuses)} installed",
        "exoactor models pull; without them no video becomes motion",
    )


def _policies() -> Finding:
    statuses = list_policies()
    if not statuses:
        return skipped("policies", "none installed; plans run without")
    bad = [f"{status.name}: {status.problem}" for status in statuses if status.problem]
    return judged(
        "policies",
        "fail" if bad else "pass",
        "; ".join(bad) or ", ".join(status.name for status in statuses),
        "exoactor policy verify NAME, then add it anew",
    )


def _onnxruntime() -> Finding:
    try:
        import onnxruntime  # noqa: PLC0415  # only the doctor's own import may fail
    except ImportError as error:
        return judged(
            "ONNX Runtime", "fail", f"cannot be imported: {error}", "pip install onnxruntime"
        )
    providers = ", ".join(onnxruntime.get_available_providers())
    return judged("ONNX Runtime", "pass", f"{onnxruntime.__version__}: {providers}", "")


def _mujoco() -> Finding:
    try:
        found = version("mujoco")
    except PackageNotFoundError:
        return judged(
            "MuJoCo",
            "warn",
            "not installed: no plan can be rehearsed",
            "pip install 'exoactor_rt[sim]'",
        )
    return judged("MuJoCo", "pass", found, "")
