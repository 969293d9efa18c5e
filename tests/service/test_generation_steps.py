"""From an instruction to a prompt; folders of clips; whether files are whole; the clip's timing."""

import asyncio
import json
import struct

import pytest
from aiohttp import web
from generation_cases import DIALECTS, attempt, make_config, make_server, running_again
from hypothesis import given
from hypothesis import strategies as st

from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ConfigError, ExoactorError, GenerationError
from exoactor_rt.generation import ClipTiming, Generator, Image, Task, image_from_bytes
from exoactor_rt.generation.answer import retry_after_s
from exoactor_rt.generation.clip_folder import ClipFolder
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.decomposition import TemplateDecomposition
from exoactor_rt.generation.digests import announced_sha256, sha256_of
from exoactor_rt.generation.mp4_boxes import find_damage
from exoactor_rt.generation.patience import backoff_s
from exoactor_rt.generation.prompt import compose_prompt
from exoactor_rt.generation.timing_check import check_timing

PNG = Image(b"\x89PNG\r\n\x1a\n" + bytes(64), "image/png")
CLIP = clip_path().read_bytes()


def split(text):
    return asyncio.run(TemplateDecomposition().split(Task(text)))


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("wave to the visitor", ["wave to the visitor"]),
        ("walk to the box, then lift it", ["walk to the box", "lift it"]),
        ("Sit down and then stand up; wave.", ["Sit down", "stand up", "wave"]),
        ("wave and smile", ["wave and smile"]),
        ("strengthen the grip", ["strengthen the grip"]),
        ("Turn left. Take two steps.\nStop", ["Turn left", "Take two steps", "Stop"]),
        ("then", ["then"]),
    ],
)
def test_the_template_splits_at_then_and_between_sentences(text, actions):
    assert split(text) == actions


def test_the_template_loses_nothing_of_a_long_chain():
    actions = split("; ".join(f"step {number}" for number in range(20)))
    assert len(actions) == 12 and "step 19" in actions[-1]


def test_the_prompt_has_five_parts_in_order_and_all_actions():
    text = compose_prompt(["walk to the box", "lift it"], height_m=1.8, from_image=True).text()
    parts = [line.partition(":")[0] for line in text.splitlines()]
    assert parts == ["Shot", "Scene", "Motion", "Execution", "End state"]
    for needed in (
        "never moves",
        "Exactly one person, about 1.80 m tall",
        "whole body",
        "given image",
    ):
        assert needed in text
    assert text.index("walk to the box") < text.index("lift it")
    assert "given image" not in compose_prompt(["wave"]).text()


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "wave\x00", "wave\x1b[31m"])
def test_an_instruction_must_be_plain_text(text):
    with pytest.raises(ConfigError, match="instruction"):
        Task(text)


def test_only_pictures_are_sent():
    assert image_from_bytes(b"\xff\xd8\xff\xe0", "x").media_type == "image/jpeg"
    for content in (b"RIFF0000WAVE", b"", b"<svg/>"):
        with pytest.raises(ConfigError, match="PNG, JPEG, WebP"):
            image_from_bytes(content, "scene")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_edit_and_decomposition_run_once_for_all_candidates(tmp_path, dialect):
    server = make_server(dialect)

    async def go():
        async with running_again(server) as address:
            step = {"url": f"{address}/v1", "model": "helper"}
            config = make_config(
                dialect=dialect, video={"url": address}, edit=step, chat=step, candidates=2
            )
            return await Generator(config).run(Task("walk; wave", PNG, 1.7), tmp_path)

    generated = asyncio.run(go())
    paths = [call.path for call in server.calls if call.method == "POST"]
    assert paths.count("/v1/images/edits") == paths.count("/v1/chat/completions") == 1
    prepared = generated.clips[1].provenance.prepared
    assert prepared.actions == ("walk", "wave")
    assert prepared.split_by.endswith(" helper") and prepared.edited_by.endswith(" helper")
    assert set(prepared.step_s) == {"edit", "decomposition"}
    assert generated.clips[1].provenance.prompt == prepared.prompt.text()


@pytest.mark.parametrize(
    "content",
    [
        "I would wave.",
        '{"actions": []}',
        '{"actions": ["a", 3]}',
        '{"actions": "wave"}',
        json.dumps({"actions": ["a"] * 13}),
        json.dumps({"actions": ["a" * 301]}),
        None,
    ],
)
def test_an_answer_without_actions_is_an_error(tmp_path, content):
    async def answer(_):
        return web.json_response({"choices": [{"message": {"content": content}}]})

    assert "no list of 1 to 12 actions" in ask_chat(answer, tmp_path)


def test_actions_are_found_in_a_talkative_answer(tmp_path):
    async def answer(_):
        content = 'Sure!\n```json\n{"actions": ["raise the\\nright arm"]}\n```'
        return web.json_response({"choices": [{"message": {"content": content}}]})

    assert ask_chat(answer, tmp_path) == ("raise the right arm",)


def ask_chat(handler, folder):
    """Actions from a chat server that answers with `handler`, or its error."""
    server = make_server("vllm_omni")

    async def go():
        application = web.Application()
        application.add_routes([web.post("/v1/chat/completions", handler)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with running_again(server) as address:
                chat = {"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}
                config = make_config(dialect="vllm_omni", video={"url": address}, chat=chat)
                try:
                    generated = await Generator(config).run(Task("wave"), folder)
                except ExoactorError as error:
                    assert not server.calls
                    return str(error)
                return generated.clips[0].provenance.prepared.actions
        finally:
            await runner.cleanup()

    return asyncio.run(go())


def make_folder(path, sidecar=None, names=("wave.mp4", "deep_squat.mp4")):
    path.mkdir()
    for number, name in enumerate(names):
        (path / name).write_bytes(CLIP + struct.pack(">I4sI", 12, b"free", number))
    if sidecar is not None:
        (path / "clips.json").write_text(json.dumps({"version": 1, **sidecar}))
    return path


def generate_from(folder, task, out, **config):
    settings = make_config(clips=str(folder), **config)
    return asyncio.run(Generator(settings).run(task, out)).clips


def test_without_a_sidecar_a_clip_answers_to_its_name(tmp_path):
    folder = make_folder(tmp_path / "clips")
    (clip,) = generate_from(folder, Task("Deep squat!"), tmp_path / "out")
    assert clip.path.read_bytes() == (folder / "deep_squat.mp4").read_bytes()
    with pytest.raises(ConfigError, match=r"no clip for 'jump'; there are 'deep_squat', 'wave'"):
        generate_from(folder, Task("jump"), tmp_path / "out")


def test_a_sidecar_maps_instructions_seeds_and_the_rest(tmp_path):
    clips = [
        {"file": "wave.mp4", "instructions": ["greet"], "seed": 1},
        {"file": "deep_squat.mp4", "instructions": ["greet"], "seed": 2},
    ]
    folder = make_folder(tmp_path / "clips", {"clips": clips, "default": "wave.mp4"})
    made = generate_from(folder, Task("greet"), tmp_path / "out", seed=1, candidates=2)
    assert [clip.path.read_bytes()[-1] for clip in made] == [0, 1]
    (other,) = generate_from(folder, Task("jump"), tmp_path / "other")
    assert other.provenance.notes == ("wave.mp4 stands for every instruction",)


@pytest.mark.parametrize(
    ("sidecar", "told"),
    [
        ({"clips": []}, "clips"),
        ({"clips": [{"file": "absent.mp4"}]}, "absent.mp4, which is not there"),
        ({"clips": [{"file": "../wave.mp4"}]}, "file"),
        ({"clips": [{"file": "wave.mp4", "hash": "x"}]}, "hash"),
        ({"clips": [{"file": "wave.mp4"}], "default": "x.mp4"}, "default"),
        ({"version": 2, "clips": [{"file": "wave.mp4"}]}, "version"),
    ],
)
def test_a_wrong_sidecar_is_refused_by_name(tmp_path, sidecar, told):
    folder = make_folder(tmp_path / "clips", sidecar)
    with pytest.raises(ConfigError, match=r"clips\.json") as refused:
        ClipFolder(folder)
    assert told in str(refused.value)


def test_a_clip_that_is_not_the_one_of_the_sidecar_is_refused(tmp_path):
    clips = [{"file": "wave.mp4", "instructions": ["wave"], "sha256": "0" * 64}]
    folder = make_folder(tmp_path / "clips", {"clips": clips})
    with pytest.raises(GenerationError, match="the sidecar says 0000"):
        generate_from(folder, Task("wave"), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_clips_are_not_written_over_those_that_are_read(tmp_path):
    folder = make_folder(tmp_path / "clips", names=("clip.mp4",))
    with pytest.raises(ConfigError, match="written over"):
        generate_from(folder, Task("clip"), folder)
    assert (folder / "clip.mp4").exists()


def test_a_server_finds_the_clip_in_the_prompt(tmp_path):
    server = make_server("vllm_omni", clips=make_folder(tmp_path / "clips"))
    done = attempt(server, tmp_path / "out", Task("walk up, then do a deep squat"))
    assert done.generated.clips[0].path.read_bytes()[-1] == 1


@pytest.fixture(scope="module")
def whole_clip(tmp_path_factory):
    return tmp_path_factory.mktemp("clip") / "clip.mp4"


@given(st.integers(min_value=0, max_value=len(CLIP) - 1))
def test_a_file_cut_anywhere_is_found_out(whole_clip, length):
    whole_clip.write_bytes(CLIP[:length])
    assert find_damage(whole_clip)


def test_a_whole_file_is_whole(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(CLIP)
    assert find_damage(path) == ""
    path.write_bytes(CLIP + b"\0")
    assert find_damage(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_judged(whole_clip, content):
    whole_clip.write_bytes(content)
    assert find_damage(whole_clip)


def timing(frame_count, rate_hz):
    return ClipTiming(frame_count=frame_count, rate_hz=rate_hz, duration_s=frame_count / rate_hz)


def test_a_clips_timing_is_that_of_the_request_or_refused():
    assert check_timing(timing(81, 16.0), 16, 81) == ()
    assert check_timing(timing(77, 16.0), 16, 81) == ()
    assert check_timing(timing(33, 16.0), 16, 81) == ("33 frames came, 81 were asked for",)
    assert len(check_timing(timing(161, 32.0), 16, 81)) == 1
    for wrong in (timing(81, 24.0), timing(81, 8.0)):
        with pytest.raises(GenerationError, match="times as fast"):
            check_timing(wrong, 16, 81)


@given(st.integers(1, 100), st.floats(0.0, 1.0, exclude_max=True))
def test_backoff_is_bounded_and_never_shorter_than_half(attempt_number, chance):
    wait_s = backoff_s(attempt_number, chance, 0.5, 30.0)
    interval_s = min(30.0, 0.5 * 2.0 ** min(attempt_number - 1, 60))
    assert 0.5 * interval_s <= wait_s < interval_s


def test_digests_and_dates_of_headers():
    today = Clock().today()
    assert retry_after_s("7", today) == 7.0
    assert retry_after_s("Fri, 01 Jan 2100 00:00:00 GMT", today) > 1e9
    assert retry_after_s("soon", today) is None and retry_after_s(None, today) is None
    digest = sha256_of(clip_path())
    text = "md5=:AAAA:, sha-256=:" + web_base64(digest) + ":"
    assert announced_sha256(text) == digest
    assert announced_sha256("sha-256=:&&:") is None and announced_sha256(None) is None


def web_base64(digest):
    import base64  # noqa: PLC0415

    return base64.b64encode(bytes.fromhex(digest)).decode()
