"""`exoactor testserver` and `exoactor generate` as commands, against each other."""

import asyncio
import random
import subprocess
import sys

import aiohttp
import pytest
from generation_cases import DIALECTS, make_server

from exoactor_rt.cli.main import main
from exoactor_rt.demo import clip_path
from exoactor_rt.testserver import Fault, running

COMMAND = [sys.executable, "-m", "exoactor_rt.cli.main"]


@pytest.fixture
def served():
    """Starts `exoactor testserver` with options; gives its address; ends it."""
    started = []

    def start(*options):
        process = subprocess.Popen(
            [*COMMAND, "testserver", "--port", "0", "--render", "0.1", *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        line = process.stdout.readline()
        return line.split(" at ")[1].partition(",")[0]

    yield start
    for process in started:
        process.terminate()
        assert process.wait(20.0) == 0
        process.stdout.close()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_commands_fit_together(served, tmp_path, capsys, dialect):
    address = served("--dialect", dialect, "--fault", "reset:1")
    options = ["--server", address, "--dialect", dialect, "--out", str(tmp_path), "--seed", "3"]
    assert main(["generate", "wave", *options]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == f"next       exoactor run {tmp_path / 'clip.mp4'}"
    assert "seed 3" in told.out and "note: the server renders fps 30" in told.out
    assert "submission" in told.err and "download" in told.err and "check" in told.err
    assert (tmp_path / "clip.mp4").read_bytes() == clip_path().read_bytes()


def test_the_clip_that_ships_with_the_project_needs_no_server(tmp_path, capsys):
    assert main(["generate", "wave", "--out", str(tmp_path)]) == 0
    assert "stands for every instruction" in capsys.readouterr().out
    assert (tmp_path / "clip.mp4").read_bytes() == clip_path().read_bytes()


def test_a_clip_that_cannot_be_decoded_is_refused(tmp_path, capsys):
    clip = bytearray(clip_path().read_bytes())
    at = clip.find(b"mdat") + 1000
    clip[at : at + 100_000] = random.Random(0).randbytes(100_000)
    (tmp_path / "wave.mp4").write_bytes(clip)
    out = tmp_path / "out"
    assert main(["generate", "wave", "--clips", str(tmp_path), "--out", str(out)]) == 2
    assert "clip refused" in capsys.readouterr().err
    assert not list(out.glob("*"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--clips", "absent"], "absent: no folder of clips"),
        (["--dialect", "sglang"], "generation.video: missing"),
        (["--clips", ".", "--dialect", "http"], "a folder has no --dialect"),
        (["--scene", "absent.png"], "absent.png: cannot be read"),
        (["--candidates", "0"], "generation.candidates 0"),
        (["--height", "9"], "subject.height_m 9"),
    ],
)
def test_bad_options_are_told_by_name(tmp_path, monkeypatch, capsys, options, told):
    monkeypatch.chdir(tmp_path)
    assert main(["generate", "wave", "--out", "out", *options]) == 2
    assert told in capsys.readouterr().err


def test_a_configuration_file_names_the_server(served, tmp_path, capsys):
    address = served("--dialect", "sglang")
    path = tmp_path / "exoactor.toml"
    path.write_text(
        f"[generation]\ndialect = 'sglang'\nseed = 9\n[generation.video]\nurl = '{address}'\n"
        "[generation.limits]\npoll_first_s = 0.1\n"
    )
    out = str(tmp_path / "out")
    assert main(["generate", "wave", "--config", str(path), "--out", out]) == 0
    assert "seed 9" in capsys.readouterr().out


def test_faults_are_listed_and_unknown_ones_refused(capsys):
    assert main(["testserver", "--list-faults"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names == [fault.value for fault in Fault]
    assert main(["testserver", "--fault", "gremlins"]) == 2
    assert "'gremlins': unknown; known: unauthorized" in capsys.readouterr().err
    assert main(["testserver", "--fault", "reset:often"]) == 2


def test_a_port_in_use_is_told(capsys):
    async def go():
        async with running(make_server("vllm_omni")) as address:
            port = address.rpartition(":")[2]
            command = [*COMMAND, "testserver", "--port", port]
            return await asyncio.to_thread(
                subprocess.run, command, capture_output=True, text=True, timeout=60, check=False
            )

    done = asyncio.run(go())
    assert done.returncode == 2 and "cannot listen there" in done.stderr


def test_a_unix_socket_serves_too(tmp_path):
    async def go():
        async with running(make_server("vllm_omni"), socket=tmp_path / "s") as address:
            connector = aiohttp.UnixConnector(address)
            async with (
                aiohttp.ClientSession(connector=connector) as session,
                session.get("http://localhost/v1/models") as response,
            ):
                return await response.json()

    assert asyncio.run(go())["data"][0]["id"] == "test-clips"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_each_dialect_refuses(dialect):
    """An empty form, an unknown job, and the clip of a job that is not done."""

    async def go():
        statuses = []
        async with running(make_server(dialect, render_s=60.0)) as address:
            base = f"{address}/v1/videos"
            async with aiohttp.ClientSession() as session:
                form = aiohttp.FormData({"model": "x"}, default_to_multipart=True)
                statuses.append((await session.post(base, data=form)).status)
                statuses.append((await session.get(f"{base}/none")).status)
                form = aiohttp.FormData({"prompt": "wave"}, default_to_multipart=True)
                form.add_field("input_reference", b"png", filename="a.png")
                job = await (await session.post(base, data=form)).json()
                statuses.append((await session.get(f"{base}/{job['id']}/content")).status)
                deleted = await (await session.delete(f"{base}/{job['id']}")).json()
                listed = await (await session.get(base)).json()
        return statuses, deleted, listed["data"]

    statuses, deleted, listed = asyncio.run(go())
    assert statuses == [400 if dialect == "sglang" else 422, 404, 404]
    assert deleted.get("status" if dialect == "sglang" else "object") in (
        "deleted",
        "video.deleted",
    )
    assert listed == []


def test_the_command_line_does_not_load_the_http_library_before_it_is_used():
    code = "import sys, exoactor_rt.cli.main; sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
