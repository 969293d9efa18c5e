"""The service as a process of its own, without robot and chain, for tests that measure it."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from service_rig import Rig

_SERVE = """
import asyncio, gc, signal, sys
from pathlib import Path
from service_rig import FakeWork, Rig
from exoactor_rt.service.memory import keep_memory_tight, spare_what_stays
from exoactor_rt.service.serve import running

def tell_blocks(*_):
    gc.collect()
    print(sys.getallocatedblocks(), flush=True)

signal.signal(signal.SIGUSR1, tell_blocks)
keep_memory_tight()  # these as `serve` does

async def serve():
    work = FakeWork()
    work.hold = "hold" in sys.argv[2:]
    async with running(Rig(Path(sys.argv[1])).config, work):
        spare_what_stays()
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""


class ServedProcess:
    """Attributes: rig (around the same folder), process, errors (its standard error's file)."""

    def __init__(self, rig, process, errors):
        self.rig = rig
        self.process = process
        self.errors = errors

    @property
    def resident_bytes(self):
        """Memory that is its own or shared, now."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * 4096

    @property
    def allocated_blocks(self):
        """Blocks of memory that Python has given out, after a collection of garbage."""
        self.process.send_signal(signal.SIGUSR1)
        return int(self.process.stdout.readline())

    @property
    def cpu_s(self):
        """Computing time so far, in user and kernel."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / 100.0

    @property
    def descriptors(self):
        """Open files."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@contextmanager
def served_process(folder, *words):
    """From its first answer to the end of the body; `hold` lets no plan be finished."""
    errors = folder / "stderr.txt"
    with errors.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, folder, *words],
            stdout=subprocess.PIPE,
            stderr=file,
            env={"PYTHONPATH": str(Path(__file__).parent), "PATH": "/usr/bin:/bin"},
        )
    try:
        assert process.stdout.readline() == b"ready\n", errors.read_text()
        yield ServedProcess(Rig(folder), process, errors)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
