"""A headless browser that stays open, spoken to by the DevTools protocol: for pages that live."""

import base64
import itertools
import json
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import find_browser

WITHIN_S = 120.0


class Page:
    """One page; what it complains about is kept in `complaints`."""

    def __init__(self, socket):
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints = []
        self.call("Page.enable")
        self.call("Runtime.enable")

    def call(self, method, **parameters):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv(timeout=WITHIN_S))
            if told.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(told["params"])
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression)["result"].get("value")

    def wait_for_text(self, text):
        until_s = time.monotonic() + WITHIN_S
        while text not in (self.evaluate("document.body.innerText") or ""):
            assert time.monotonic() < until_s, self.evaluate("document.body.innerText")
            time.sleep(0.2)

    def picture(self):
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


@contextmanager
def open_page(url, size=(1200, 800)):
    """A page in a browser of its own; skips where there is no browser or nothing to speak with."""
    client = pytest.importorskip("websockets.sync.client")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [find_browser(), "--headless", "--no-sandbox", "--hide-scrollbars"]
        command += ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--mute-audio"]
        command += [f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}"]
        command += ["--remote-debugging-port=0", "--remote-allow-origins=*", url]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            with client.connect(_page_address(Path(folder)), max_size=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            process.wait(timeout=WITHIN_S)


def _page_address(folder):
    until_s = time.monotonic() + WITHIN_S
    while time.monotonic() < until_s:
        try:
            port = (folder / "DevToolsActivePort").read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [one for one in json.load(answer) if one["type"] == "page"]
            if pages:
                return pages[0]["webSocketDebuggerUrl"]
        except (OSError, IndexError):
            pass
        time.sleep(0.2)
    raise AssertionError("the browser has not opened its page")
