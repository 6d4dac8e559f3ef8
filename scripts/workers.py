"""Work shared out among processes, where the system can copy a process; else done in one."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

GARBAGE_AFTER = 50_000
"""New objects after which a build looks for garbage, of which it makes little; Python: 700."""
S = TypeVar("S")
R = TypeVar("R")


class WorkerError(Exception):
    """A worker has failed; the message is that of its fault."""


def worker_count() -> int:
    """Return how many processes can work at once, 1 where a process cannot be copied.

    Only Linux copies one safely, and only while no second thread runs, a library's included: the
    copy is without it, and would wait for ever for the lock that it holds or the work that it does.
    """
    if sys.platform != "linux" or len(os.listdir("/proc/self/task")) > 1:
        return 1
    return len(os.sched_getaffinity(0))


def in_workers(job: Callable[[S], R], shares: Sequence[S]) -> list[R]:
    """Return the job's result for each share, each worked out by a copy of this process.

    Args:
        job: does one share; whatever it changes in memory is lost, its result comes back.
        shares: one for each worker.

    Raises:
        WorkerError: a job has failed; the other workers are ended.
    """
    context = multiprocessing.get_context("fork")
    sys.stdout.flush()
    sys.stderr.flush()
    started = []
    try:
        for share in shares:
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(job, share, sender), daemon=True)
            process.start()
            sender.close()
            started.append((process, receiver))
        return [_result(receiver) for _, receiver in started]
    finally:
        for process, receiver in started:
            receiver.close()
            process.terminate()
            process.join()


def _work(job: Callable[[S], R], share: S, sender: Connection) -> None:
    gc.freeze()  # what is there already stays: it need not be looked through again and again
    try:
        sender.send((True, job(share)))
    except BaseException as error:  # SystemExit too is a failure of the job
        sender.send((False, str(error) or type(error).__name__))


def _result(receiver: Connection) -> Any:
    try:
        done, value = receiver.recv()
    except EOFError:
        raise WorkerError("a worker has ended without a word") from None
    if not done:
        raise WorkerError(value)
    return value
