"""Self-check of a converted model: the same outputs as the TFLite file on a stored case.

The case is white noise from NumPy's frozen `RandomState` stream; `parity.npz` holds what TensorFlow
Lite gave for it (every n-th value of large outputs), made by `benchmarks/make_parity_reference.py`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import onnxruntime

from exoactor_rt.assets.manifest import Model
from exoactor_rt.errors import AssetError

FloatImage = npt.NDArray[np.float32]

_SEED = 7
_STORED_VALUES = 1500
_RELATIVE_TOLERANCE = 5e-4
_ABSOLUTE_TOLERANCE = 1e-5


def parity_input(shape: tuple[int, ...]) -> FloatImage:
    """The stored case's input, NCHW float32 in 0..1."""
    noise = np.random.RandomState(_SEED).randint(0, 256, shape)
    return (noise / 255.0).astype(np.float32)


def stored_part(output: FloatImage) -> FloatImage:
    """What of an output is kept as reference: at most `_STORED_VALUES`, evenly spread."""
    return output.reshape(-1)[:: max(1, -(-output.size // _STORED_VALUES))]


@cache
def _references() -> dict[str, FloatImage]:
    with (
        resources.files("exoactor_rt.assets").joinpath("parity.npz").open("rb") as file,
        np.load(file) as stored,
    ):
        return {name: stored[name] for name in stored.files}


def run_onnx(model_bytes: bytes, image: FloatImage, outputs: list[str]) -> list[FloatImage]:
    """Runs an ONNX model once on the CPU with one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_bytes, options, providers=["CPUExecutionProvider"])
    return list(session.run(outputs, {"input": image}))


def check_parity(model_bytes: bytes, variant: str, model: Model) -> float:
    """Compares a converted model with the stored outputs of its TFLite file.

    Args:
        model_bytes: The ONNX file's content.
        variant: The TFLite file's name, which selects the reference.
        model: The role, which gives input and outputs.

    Returns:
        The largest deviation, relative to the largest value of its output.

    Raises:
        AssetError: The model does not run, or an output has another shape or other values.
    """
    names = list(model.outputs)
    try:
        outputs = run_onnx(model_bytes, parity_input(model.input_shape), names)
    except Exception as error:
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise AssetError(f"model {variant}: does not run ({first_line}); not usable") from error
    worst = 0.0
    for name, output in zip(names, outputs, strict=True):
        shape = model.outputs[name].shape
        if output.shape != shape:
            raise AssetError(
                f"model {variant}: output {name} has shape {output.shape}, must be {shape}; "
                "not usable"
            )
        reference = _references()[f"{variant}.{name}"]
        deviation = float(np.abs(stored_part(output) - reference).max())
        scale = float(np.abs(reference).max())
        allowed = _ABSOLUTE_TOLERANCE + _RELATIVE_TOLERANCE * scale
        if not deviation <= allowed:
            raise AssetError(
                f"model {variant}: output {name} is {deviation:.3g} off TFLite's, "
                f"allowed {allowed:.3g}; not usable"
            )
        worst = max(worst, deviation / max(scale, 1.0))
    return worst
