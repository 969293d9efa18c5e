"""Small clips encoded for tests: a bright square on a moving, noisy ground."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE_HZ = 15
COUNT = 30
SIZE = (192, 144)


def box(data, name):
    """Start and end of the payload of the first MP4 box of that name."""
    at = data.index(name)
    size = struct.unpack(">I", data[at - 4 : at])[0]
    return at + 4, at - 4 + size


def picture(index, size=SIZE, seed=0):
    """[H, W, 3] picture: a red square in the upper left, noise that moves with the index."""
    width, height = size
    rng = np.random.default_rng(seed + index)
    noise = rng.integers(60, 100, (height // 8, width // 8, 1), np.uint8) + np.uint8(index % 20)
    ground = noise.repeat(8, axis=0).repeat(8, axis=1).repeat(3, axis=2)
    ground[8:40, 8:40] = (220, 30, 30)
    return ground


def encode(path, *, count=COUNT, size=SIZE, codec="libx264", times=None, pixel_aspect=1, **options):
    """Write a clip; `times` gives frame times in units of 1 / RATE_HZ, 0, 1, 2... where absent."""
    if codec == "libvpx-vp9":
        options = {"deadline": "realtime", "cpu-used": "8", **options}
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE_HZ, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = 10
        stream.codec_context.sample_aspect_ratio = Fraction(pixel_aspect)
        stream.codec_context.time_base = Fraction(1, RATE_HZ)
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(picture(index, size), format="rgb24")
            frame.pts = index if times is None else times[index]
            frame.time_base = Fraction(1, RATE_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return Path(path)


def encode_sound(path, duration_s=1.0):
    """Write a sound file without pictures."""
    rate = 16000
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        samples = np.sin(np.arange(int(rate * duration_s)) * 0.1).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return Path(path)
