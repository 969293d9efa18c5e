"""Fetches a clip: resumed where it broke, verified, and put in place only when whole.

Bytes go into `NAME.part`. A break is resumed with `Range` and `If-Range` on the strong ETag kept
beside it (RFC 9110, 13.1.5 and 14.2); without one, or when the file has changed, it begins anew.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from yarl import URL

from exoactor_rt.durable_file import put_in_place
from exoactor_rt.errors import GenerationError
from exoactor_rt.generation.answer import Answer, JobEndedError, NoAnswerError
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.digests import announced_sha256, sha256_of
from exoactor_rt.generation.mp4_boxes import find_damage
from exoactor_rt.generation.patience import Patience
from exoactor_rt.generation.server import Server
from exoactor_rt.generation.storage_errors import storage_errors
from exoactor_rt.generation_config import GenerationLimits

_CHUNK_BYTES = 1 << 16
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]*"')
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")

Told = Callable[[int, int], None]
"""Called with bytes so far and bytes in all, 0 while that is not known."""


@dataclass(frozen=True)
class Downloaded:
    """A whole clip, not yet at its place.

    Attributes:
        part: where it lies; `keep` puts it in place.
        sha256: of its bytes.
        size_bytes: of the file.
        requests: how many it took.
    """

    part: Path
    sha256: str
    size_bytes: int
    requests: int

    def keep(self, path: Path) -> None:
        """Puts it at `path`.

        Raises:
            GenerationError: the file system refuses.
        """
        with storage_errors(path):
            put_in_place(self.part, path)


class _ChangedError(Exception):
    """What came is no part of what is there: begin anew."""


class Download:
    """One clip's download."""

    def __init__(
        self, server: Server, url: URL, path: Path, limits: GenerationLimits, clock: Clock
    ) -> None:
        """`url` is fetched; `path` is where the clip shall lie in the end."""
        self._server = server
        self._url = url
        self._part = path.with_name(f"{path.name}.part")
        self._etag = path.with_name(f"{path.name}.part.etag")
        self._limits = limits
        self._clock = clock
        self._requests = 0

    async def run(
        self,
        told: Told,
        headers: Mapping[str, str] | None = None,
        not_yet: frozenset[int] = frozenset(),
    ) -> Downloaded:
        """Fetches until all is there and verified.

        Args:
            told: hears of progress.
            headers: more headers of every request.
            not_yet: statuses that say that the clip is not there yet.

        Raises:
            JobEndedError: refused, or too big.
            GenerationError: too slow, or not whole however often it was tried. What came stays
                beside the clip's place for the next download, until `discard`.
        """
        patience = Patience(
            self._clock,
            f"clip of {self._server.what}",
            failures=self._limits.failures,
            deadline_s=self._clock.now_s() + self._limits.download_s,
        )
        furthest = 0
        with storage_errors(self._part):
            while True:
                waiting = None
                try:
                    waiting = await self._fetch(headers or {}, patience, told)
                    cause = await self._damage() if waiting is None else waiting.words()
                    if not cause:
                        return await self._whole()
                except NoAnswerError as error:
                    cause = str(error)
                    if self._size() > furthest:
                        furthest = self._size()
                        patience.succeeded()
                except _ChangedError as change:
                    cause = str(change)
                    self.discard()
                if waiting is not None and not (waiting.passing or waiting.status in not_yet):
                    raise JobEndedError(f"clip of {self._server.what}: {cause}")
                await patience.wait(cause, waiting.retry_after_s if waiting else None)

    def discard(self) -> None:
        """Removes what came."""
        self._part.unlink(missing_ok=True)
        self._etag.unlink(missing_ok=True)

    async def _damage(self) -> str:
        """Why the file is not whole; it is removed then."""
        damage = await asyncio.to_thread(find_damage, self._part)
        if damage:
            self.discard()
        return damage and f"the file is not whole: {damage}"

    async def _fetch(
        self, headers: Mapping[str, str], patience: Patience, told: Told
    ) -> Answer | None:
        """One request; None when the body came to its end, else the answer that held no clip."""
        self._requests += 1
        offset = self._resume_at()
        ranged = dict(headers)
        if offset:
            ranged |= {"Range": f"bytes={offset}-", "If-Range": self._etag_value() or ""}
        with self._server.connection_errors():
            async with self._server.stream(self._url, ranged) as response:
                if response.status == 416:
                    raise _ChangedError("the file is shorter than what was there of it")
                if response.status not in (200, 206):
                    return await self._server.read_answer(response)
                await self._receive(response, offset, patience, told)
        return None

    async def _receive(
        self, response: aiohttp.ClientResponse, offset: int, patience: Patience, told: Told
    ) -> None:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise JobEndedError(f"clip of {self._server.what}: it is sent compressed; given up")
        offset, total = self._begin(response, offset)
        self._require_size(total)
        received = offset
        with self._part.open("ab", buffering=0) as file:
            async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
                file.write(chunk)
                received += len(chunk)
                self._require_size(received)
                told(received, total)
                if patience.left_s() <= 0.0:
                    raise GenerationError(
                        f"clip of {self._server.what}: {received} bytes in "
                        f"{self._limits.download_s:g} s, and not all; given up"
                    )
            await asyncio.to_thread(os.fsync, file.fileno())
        if total and received != total:
            raise NoAnswerError(f"{received} of {total} bytes came", received=True)
        await self._verify(response)

    def _begin(self, response: aiohttp.ClientResponse, offset: int) -> tuple[int, int]:
        """Where the body belongs, and the size of the whole, 0 where nobody says.

        The file is made ready for it, and its ETag kept.
        """
        length = response.content_length or 0
        if response.status == 206:
            found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if found is None or int(found[1]) != offset or not offset:
                raise _ChangedError("another part came than the one asked for")
            return offset, offset + length if found[3] == "*" else int(found[3])
        self.discard()
        etag = response.headers.get("ETag", "")
        self._part.touch()
        if _STRONG_ETAG.fullmatch(etag):
            self._etag.write_text(etag, encoding="ascii")
        return 0, length

    async def _verify(self, response: aiohttp.ClientResponse) -> None:
        """Compares with the digests announced: of the file, or of a body that is the file."""
        wanted = announced_sha256(response.headers.get("Repr-Digest"))
        if wanted is None and response.status == 200:
            wanted = announced_sha256(response.headers.get("Content-Digest"))
        if wanted is None:
            return
        got = await asyncio.to_thread(sha256_of, self._part)
        if got != wanted:
            raise _ChangedError(f"sha256 {got}, announced {wanted}")

    async def _whole(self) -> Downloaded:
        self._etag.unlink(missing_ok=True)
        digest = await asyncio.to_thread(sha256_of, self._part)
        return Downloaded(self._part, digest, self._size(), self._requests)

    def _resume_at(self) -> int:
        """Bytes that are there and belong to a known version of the file."""
        if self._size() and self._etag_value() is not None:
            return self._size()
        self.discard()
        return 0

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _etag_value(self) -> str | None:
        try:
            etag = self._etag.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return None
        return etag if _STRONG_ETAG.fullmatch(etag) else None

    def _require_size(self, size: int) -> None:
        if size > self._limits.max_bytes:
            raise JobEndedError(
                f"clip of {self._server.what}: at least {size} bytes > {self._limits.max_bytes} "
                "allowed; given up"
            )
