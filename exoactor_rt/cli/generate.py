"""`exoactor generate`: an instruction becomes clips, each with its provenance."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from exoactor_rt.cli import exit_codes
from exoactor_rt.config import Config, load_config, with_values
from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ConfigError
from exoactor_rt.generation_config import GenerationConfig

if TYPE_CHECKING:
    from exoactor_rt.generation import ClipTiming, Generated, Generator, Task

_DESCRIPTION = """Instruction, and perhaps a picture of the scene -> clips of a person doing it.

Without --server or --clips, and without [generation] in the configuration, the clip that ships
with the project stands for every instruction. Stopped in the middle it cancels its jobs at the
server; killed, or cut off, it takes them up again when the same command is given again."""

_EPILOG = """writes DIR/clip.mp4 and DIR/clip.json, then clip-2.mp4 and so on; a clip is only ever
there whole. Exit codes: 0 at least one clip; 2 none, the message says why; 130 interrupted."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `generate` to the command's parser."""
    parser = subparsers.add_parser(
        "generate",
        help="make a clip of an instruction: from a video server, a URL or a folder",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("instruction", metavar="INSTRUCTION")
    parser.add_argument(
        "--scene",
        type=Path,
        metavar="IMG",
        help="first frame (PNG, JPEG, WebP): the person in the scene, or the robot where the "
        "configuration names a server for the edit",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--server", metavar="URL", help="a video server, or a clip's URL")
    source.add_argument("--clips", type=Path, metavar="DIR", help="a folder of clips")
    parser.add_argument(
        "--dialect",
        choices=["vllm_omni", "sglang", "http"],
        help="what --server is; default: the configuration's, else vllm_omni",
    )
    parser.add_argument("--candidates", type=int, metavar="N", help="how many clips")
    parser.add_argument("--seed", type=int, metavar="N", help="of the first candidate")
    parser.add_argument("--height", type=float, metavar="M", help="the person's height in metres")
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML; options win over it")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Generates and tells; raises ExoactorError."""
    from exoactor_rt.cli.generate_progress import ProgressLines  # noqa: PLC0415
    from exoactor_rt.generation import Generator, Task, read_image  # noqa: PLC0415

    config = read_generation_config(arguments)
    scene = read_image(arguments.scene) if arguments.scene else None
    task = Task(arguments.instruction, scene, arguments.height)
    with ProgressLines(sys.stderr) as lines:
        generator = Generator(
            config, embedded_clip=clip_path(), inspect=inspect_clip, told=lines.tell
        )
        generated = asyncio.run(_run_until_signal(generator, task, arguments.out))
    print("\n".join(_outcome_lines(generated)))
    return exit_codes.PASS


def read_generation_config(arguments: argparse.Namespace) -> GenerationConfig:
    """Section `[generation]`, with the command's options over it.

    Raises:
        ConfigError: the file or an option is not acceptable, or options contradict each other.
    """
    config = load_config(arguments.config) if arguments.config else Config()
    values: dict[str, Any] = {"candidates": arguments.candidates, "seed": arguments.seed}
    if arguments.clips is not None:
        if arguments.dialect is not None:
            raise ConfigError("--clips: a folder has no --dialect")
        values |= {"dialect": "folder", "clips": str(arguments.clips)}
    elif arguments.server is not None:
        video: dict[str, Any] = msgspec.to_builtins(config.generation.video) or {}
        configured = config.generation.dialect
        dialect = arguments.dialect or ("vllm_omni" if configured == "folder" else configured)
        values |= {"dialect": dialect, "video": {**video, "url": arguments.server}}
    elif arguments.dialect is not None:
        values["dialect"] = arguments.dialect
    height = {"height_m": arguments.height}
    return with_values(config, {"generation": values, "subject": height}).generation


def inspect_clip(path: Path) -> ClipTiming:
    """The gate of the video room: all frames are decoded; raises VideoError."""
    from exoactor_rt.generation import ClipTiming  # noqa: PLC0415
    from exoactor_rt.video import open_clip  # noqa: PLC0415

    with open_clip(path) as clip:
        for _ in clip:
            pass
        info = clip.info
    return ClipTiming(
        frame_count=info.frame_count, rate_hz=info.rate_hz, duration_s=info.duration_s
    )


async def _run_until_signal(generator: Generator, task: Task, folder: Path) -> Generated:
    """SIGINT and SIGTERM cancel the jobs at the server before the command ends."""
    work = asyncio.ensure_future(generator.run(task, folder))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, work.cancel)
    try:
        return await work
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _outcome_lines(generated: Generated) -> list[str]:
    lines = []
    for clip in generated.clips:
        provenance = clip.provenance
        timing = provenance.timing
        size = f"{timing.duration_s:.1f} s, {timing.rate_hz:.4g} Hz, " if timing else ""
        lines.append(
            f"clip       {clip.path}  {size}{provenance.video_bytes / 1e6:.1f} MB, "
            f"seed {provenance.seed}"
        )
        lines += [f"           note: {note}" for note in provenance.notes]
    for candidate, error in generated.failures.items():
        lines.append(f"failed     candidate {candidate}: {error}")
    first = generated.clips[0]
    lines.append(f"provenance {first.provenance_path}")
    lines.append(f"next       exoactor run {first.path}")
    return lines
