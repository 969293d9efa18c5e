"""Work spread over fresh processes with one thread each, which end with the one that began them."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_PR_SET_PDEATHSIG = 1
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_in_workers(
    work: Callable[[Item], Answer],
    items: Sequence[Item],
    jobs: int,
    on_death: Callable[[Item], Answer],
    on_answer: Callable[[int, Answer], None] | None = None,
) -> list[Answer]:
    """Does `work` on all items, `jobs` at a time.

    Args:
        work: a function of a module; raises nothing.
        items: picklable.
        jobs: number of processes, at least 1.
        on_death: the answer for an item whose process died.
        on_answer: told how many are done and the newest answer.

    Returns:
        In the order of `items`.
    """
    answers: dict[int, Answer] = {}
    with worker_pool(jobs) as pool:
        with interrupts_ignored():
            futures = {pool.submit(work, item): index for index, item in enumerate(items)}
        for future in as_completed(futures):
            index = futures[future]
            answers[index] = _taken(future, items[index], on_death)
            if on_answer is not None:
                on_answer(len(answers), answers[index])
    return [answers[index] for index in range(len(items))]


def _taken(future: Future[Answer], item: Item, on_death: Callable[[Item], Answer]) -> Answer:
    try:
        return future.result()
    except BrokenProcessPool:
        return on_death(item)


def die_with_the_parent() -> None:
    """The kernel kills this process when the one that has started it dies: prctl(2), on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _begin_worker(prepare: Callable[[], object] | None) -> None:
    die_with_the_parent()
    if prepare is not None:
        prepare()


@contextmanager
def worker_pool(
    jobs: int, prepare: Callable[[], object] | None = None
) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes with one thread each; ended at once when the body is interrupted.

    Args:
        jobs: how many; each starts with the work that no other is free for.
        prepare: a function of a module, called once in every process before its first work.
    """
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin_worker, initargs=(prepare,)
    )
    others = set(multiprocessing.active_children())
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Processes started inside ignore Ctrl-C for life: the parent alone acts on it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
