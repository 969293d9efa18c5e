"""The worker process in the face of its parent's end."""

import signal
import subprocess
import sys
import time
from pathlib import Path

PARENT = """
import subprocess, sys
worker = subprocess.Popen([sys.executable, "-m", "exoactor_rt.service.worker"])
print(worker.pid, flush=True)
worker.wait()
"""


def wait_until(wanted):
    until_s = time.monotonic() + 20.0
    while not wanted():
        assert time.monotonic() < until_s
        time.sleep(0.05)


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_dies_with_the_service():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        worker = int(parent.stdout.readline())
        wait_until(lambda: "libffi" in Path(f"/proc/{worker}/maps").read_text())
        time.sleep(0.5)
        assert lives(worker)
        parent.send_signal(signal.SIGKILL)
        wait_until(lambda: not lives(worker))
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()
