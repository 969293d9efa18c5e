"""Makes `exoactor_rt/assets/parity.npz`: what TensorFlow Lite gives for the stored case.

Needs `ai-edge-litert` and the packages of every source of the manifest that serves this processor,
which it fetches. Run: `python benchmarks/make_parity_reference.py`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from exoactor_rt.assets.archive import read_tflite_files
from exoactor_rt.assets.fetch import fetch_archive
from exoactor_rt.assets.manifest import load_manifest
from exoactor_rt.assets.parity import parity_input, stored_part

TARGET = Path(__file__).resolve().parents[1] / "exoactor_rt" / "assets" / "parity.npz"


def tflite_outputs(content: bytes, image_nchw: np.ndarray) -> dict[str, np.ndarray]:
    """Runs a TFLite model; outputs by tensor name."""
    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    image_nhwc = np.ascontiguousarray(image_nchw.transpose(0, 2, 3, 1))
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image_nhwc)
    interpreter.invoke()
    return {
        detail["name"]: interpreter.get_tensor(detail["index"])
        for detail in interpreter.get_output_details()
    }


def main() -> None:
    """Writes the reference."""
    manifest = load_manifest()
    references: dict[str, np.ndarray] = {}
    for source in manifest.usable_sources():
        with tempfile.TemporaryDirectory() as folder:
            contents = read_tflite_files(fetch_archive(source, Path(folder)), source)
        for file in source.files:
            model = manifest.models[file.model]
            outputs = tflite_outputs(contents[file.model], parity_input(model.input_shape))
            for name, output in model.outputs.items():
                references[f"{file.variant}.{name}"] = stored_part(outputs[output.tensor])
    np.savez_compressed(TARGET, **references)
    print(f"{TARGET}: {len(references)} outputs, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
