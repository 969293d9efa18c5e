"""Who gets our token, whom we trust, and what a stranger's words may do to our messages."""

import asyncio
import logging
import shutil
import ssl
import subprocess

import pytest
from aiohttp import web
from generation_cases import (
    DIALECTS,
    WAVE,
    QuickClock,
    attempt,
    make_config,
    make_server,
    read_timing,
)

from exoactor_rt.cli.main import main
from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ConfigError, ExoactorError
from exoactor_rt.generation import Generator

SECRET = "sk-very-secret-0123456789"


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_token_opens_the_server(tmp_path, token_file, dialect):
    done = attempt(
        make_server(dialect, token=SECRET),
        tmp_path / "out",
        video={"token_file": str(token_file)},
    )
    assert done.error is None and all(call.authorised for call in done.server.calls)


def test_a_token_comes_from_a_systemd_credential(tmp_path, monkeypatch):
    (tmp_path / "video-token").write_text(SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    done = attempt(
        make_server("vllm_omni", token=SECRET),
        tmp_path / "out",
        video={"credential": "video-token"},
    )
    assert done.error is None


def test_a_token_does_not_follow_a_redirect_to_another_host(tmp_path, token_file):
    done = attempt(
        make_server("vllm_omni", "redirect", token=SECRET),
        tmp_path / "out",
        video={"token_file": str(token_file)},
    )
    assert done.error is None
    elsewhere = [call for call in done.server.calls if call.path.startswith("/elsewhere/")]
    assert len(elsewhere) == 1 and not elsewhere[0].authorised


@pytest.mark.parametrize("fault", ["server-error", "forbidden", "unavailable"])
def test_no_message_log_or_file_has_the_token(tmp_path, token_file, caplog, fault):
    """The test server sends the token back in its error, as careless servers do."""
    caplog.set_level(logging.DEBUG)
    done = attempt(
        make_server("vllm_omni", fault, token=SECRET),
        tmp_path / "out",
        video={"token_file": str(token_file)},
    )
    error = done.error
    seen = [str(error), repr(error), repr(error.__cause__), repr(error.__context__), caplog.text]
    assert "***" in str(error)
    assert not any(SECRET in text for text in seen)
    assert not any(SECRET in path.read_text() for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("mode", "content", "told"),
    [
        (0o644, SECRET, "mode 0644 lets others read it"),
        (0o600, "", "one token of 1 to"),
        (0o600, "two words", "one token of 1 to"),
        (0o600, "x" * 5000, "one token of 1 to"),
    ],
)
def test_a_token_file_that_others_can_read_or_that_holds_none_is_refused(
    tmp_path, token_file, mode, content, told
):
    token_file.write_text(content)
    token_file.chmod(mode)
    video = {"token_file": str(token_file)}
    done = attempt(make_server("vllm_omni"), tmp_path / "out", video=video)
    assert isinstance(done.error, ConfigError) and told in str(done.error)
    assert not content or content not in str(done.error)
    assert not done.server.calls


@pytest.mark.parametrize(
    ("video", "told"),
    [
        ({"token_file": "absent"}, "cannot be read"),
        ({"credential": "absent"}, "CREDENTIALS_DIRECTORY is not set"),
        ({"ca_file": "absent"}, "certificates cannot be loaded"),
        ({"url": "http://robot.example", "token_file": "token"}, "sent over https only"),
    ],
)
def test_what_cannot_be_trusted_is_refused_before_anything_is_sent(
    tmp_path, token_file, monkeypatch, video, told
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    server = make_server("vllm_omni")
    done = attempt(server, tmp_path / "out", video=video)
    assert isinstance(done.error, ConfigError) and told in str(done.error)
    assert not server.calls


@pytest.mark.parametrize("url", ["ftp://a/", "http://user:pass@a/", "a.example", "http://a/#b"])
def test_an_address_that_is_none_or_has_a_password_is_refused(tmp_path, capsys, url):
    assert main(["generate", "wave", "--server", url, "--out", str(tmp_path)]) == 2
    assert "generation.video.url" in capsys.readouterr().err


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate of 127.0.0.1 that is its own authority, and one for a client."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("server", "client"):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
                *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={name}"),
                *("-addext", "subjectAltName=IP:127.0.0.1"),
                *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"),
            ],
            check=True,
            capture_output=True,
        )
    return folder


def attempt_over_tls(certificates, folder, *, mutual, **video):
    """Runs a task against a server with a certificate; returns its error or None."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    if mutual:
        context.load_verify_locations(certificates / "client.pem")
        context.verify_mode = ssl.CERT_REQUIRED

    async def go():
        runner = web.AppRunner(make_server("vllm_omni").application(), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
            url = f"https://127.0.0.1:{runner.addresses[0][1]}"
            config = make_config(dialect="vllm_omni", video={"url": url, **video})
            try:
                await Generator(config, clock=QuickClock()).run(WAVE, folder)
            except ExoactorError as error:
                return str(error)
            return None
        finally:
            await runner.cleanup()

    return asyncio.run(go())


def test_only_a_trusted_certificate_is_spoken_to(tmp_path, certificates):
    refused = attempt_over_tls(certificates, tmp_path, mutual=False)
    assert "certificate not trusted" in refused
    ca_file = str(certificates / "server.pem")
    assert attempt_over_tls(certificates, tmp_path, mutual=False, ca_file=ca_file) is None


def test_a_server_that_asks_for_a_certificate_gets_ours(tmp_path, certificates):
    trusted = {"ca_file": str(certificates / "server.pem")}
    assert attempt_over_tls(certificates, tmp_path, mutual=True, **trusted) is not None
    ours = {
        "client_cert_file": str(certificates / "client.pem"),
        "client_key_file": str(certificates / "client.key"),
    }
    assert attempt_over_tls(certificates, tmp_path, mutual=True, **trusted, **ours) is None


def serve_routes(routes, folder, *, path="/clip.mp4", **config):
    """Runs a task of the dialect `http` against handlers; returns (generated or None, error)."""

    async def go():
        application = web.Application()
        application.add_routes([web.get(where, handler) for where, handler in routes.items()])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
            settings = make_config(dialect="http", video={"url": url}, **config)
            generator = Generator(settings, inspect=read_timing, clock=QuickClock())
            try:
                return await asyncio.wait_for(generator.run(WAVE, folder), 20.0), None
            except ExoactorError as error:
                return None, str(error)
        finally:
            await runner.cleanup()

    return asyncio.run(go())


async def send_demo(_):
    return web.FileResponse(clip_path())


def test_the_clip_at_a_url_is_fetched_and_its_query_stays_out_of_the_provenance(tmp_path):
    generated, error = serve_routes(
        {"/clip.mp4": send_demo}, tmp_path, path="/clip.mp4?signature=abc%2Fdef"
    )
    assert error is None
    provenance = generated.clips[0].provenance
    assert provenance.timing.frame_count == 360
    assert "signature" not in (tmp_path / "clip.json").read_text()
    assert (tmp_path / "clip.mp4").read_bytes() == clip_path().read_bytes()


def test_a_url_that_is_not_there_is_told_at_once_and_leaves_nothing(tmp_path):
    generated, error = serve_routes({}, tmp_path)
    assert generated is None and "404" in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("/clip.mp4", "more than 3 redirects"),
        ("file:///etc/passwd", "no web address"),
        ("", "more than 3 redirects"),
    ],
)
def test_redirects_that_lead_nowhere_end(tmp_path, location, told):
    async def redirect(_):
        return web.Response(status=302, headers={"Location": location})

    generated, error = serve_routes({"/clip.mp4": redirect}, tmp_path)
    assert generated is None and told in error


def test_what_is_no_mp4_file_is_refused(tmp_path):
    async def page(_):
        return web.Response(text="<html>log in first</html>", content_type="text/html")

    generated, error = serve_routes({"/clip.mp4": page}, tmp_path)
    assert generated is None and "not as an MP4 file does" in error
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_sends_pieces_is_asked_until_all_are_there(tmp_path):
    content = clip_path().read_bytes()
    asked = []

    async def send_piece(request):
        asked.append(request.headers.get("Range"))
        begin = int(asked[-1][6:-1]) if asked[-1] else 0
        end = min(len(content), begin + 200_000)
        headers = {"ETag": '"one"'}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(content)}"
            return web.Response(status=206, body=content[begin:end], headers=headers)
        response = web.StreamResponse(headers=headers)
        response.content_length = len(content)
        await response.prepare(request)
        await response.write(content[:end])
        request.transport.close()
        return response

    _, error = serve_routes({"/clip.mp4": send_piece}, tmp_path)
    assert error is None
    assert asked == [None, "bytes=200000-", "bytes=400000-"]
    assert (tmp_path / "clip.mp4").read_bytes() == content


def test_a_clip_that_is_announced_too_big_is_not_begun(tmp_path):
    async def boast(request):
        response = web.StreamResponse()
        response.content_length = 10**12
        await response.prepare(request)
        await asyncio.sleep(0.2)
        return response

    _, error = serve_routes({"/clip.mp4": boast}, tmp_path)
    assert "at least 1000000000000 bytes > 2000000 allowed" in error


def test_a_strangers_words_are_cut_to_one_line(tmp_path):
    async def shout(_):
        return web.Response(status=403, text="\x1b[31m" + "no\r\n" * 1000)

    _, error = serve_routes({"/clip.mp4": shout}, tmp_path)
    assert error.isprintable() and len(error) < 400
