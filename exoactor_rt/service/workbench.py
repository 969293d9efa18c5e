"""Runs worker processes: one order at a time, killed when nobody wants it any more."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence

import msgspec

from exoactor_rt.service.worker import News, Outcome, StageNews, WorkOrder

_LOG = logging.getLogger(__name__)
_LINE_MAX_BYTES = 1 << 20
_ERROR_KEPT_BYTES = 4000
WORKER = (sys.executable, "-m", "exoactor_rt.service.worker")


async def carry_out(
    order: WorkOrder,
    told: Callable[[StageNews], None],
    timeout_s: float,
    worker: Sequence[str] = WORKER,
) -> Outcome:
    """Carries an order out in a fresh process, of lower priority than this one.

    Cancelled, or out of time, it kills the process with all that it has started.

    Args:
        order: what to do.
        told: hears of progress.
        timeout_s: from the start to the outcome.
        worker: the command.
    """
    process = await asyncio.create_subprocess_exec(
        *worker,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_MAX_BYTES,
        start_new_session=True,
    )
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, 10)
    try:
        return await asyncio.wait_for(_converse(process, order, told), timeout_s)
    except asyncio.TimeoutError:
        return Outcome(kind="failed", reason=f"not done within {timeout_s:g} s; given up")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _converse(
    process: asyncio.subprocess.Process, order: WorkOrder, told: Callable[[StageNews], None]
) -> Outcome:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.ensure_future(process.stderr.read())
    try:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(msgspec.json.encode(order))
            await process.stdin.drain()
            process.stdin.close()
        decoder = msgspec.json.Decoder(News)
        async for line in process.stdout:
            try:
                news = decoder.decode(line)
            except msgspec.MsgspecError:
                _LOG.warning("worker_said=%r", line[:200])
                continue
            if isinstance(news, Outcome):
                return news
            told(news)
        code = await process.wait()
        last = (await errors)[-_ERROR_KEPT_BYTES:].decode(errors="replace").strip()
        _LOG.error("worker_code=%d stderr=%r", code, last)
        words = last.splitlines()[-1] if last else "no message"
        return Outcome(kind="failed", reason=f"the worker ended with {code}: {words}")
    finally:
        errors.cancel()
