"""Which container a file is, told from its first bytes, before any decoder sees it."""

from __future__ import annotations

from pathlib import Path

from exoactor_rt.errors import VideoError

_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_EBML = b"\x1a\x45\xdf\xa3"
_OTHERS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x7fELF": "a program",
    b"RIFF": "a RIFF file (AVI, WAV or WebP)",
    b"ID3": "an MP3 sound file",
    b"OggS": "an Ogg file",
    b"\x1f\x8b": "a gzip archive",
}


def demuxer_for(path: Path) -> str:
    """FFmpeg's name of the demuxer for a file: `mov` or `matroska`.

    Raises:
        VideoError: the file begins like none of them; the message says what it looks like.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] in _MP4_BOXES:
        return "mov"
    if head.startswith(_EBML):
        return "matroska"
    got = f"not a video file: {_likeness(head)}"
    raise VideoError(f"clip {path.name}: {got}; allowed: MP4, MOV, MKV, WebM; clip refused")


def _likeness(head: bytes) -> str:
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            return f"it is {name}"
    if not any(head):
        return "it begins with zeros"
    if all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        return "it is text"
    return f"it begins with bytes {head[:8].hex(' ')}"
