"""One HTTP server: verified TLS, a bearer token for it alone, bounds on every answer.

Redirects are followed for downloads only, and the token and our certificate stay with the server
they belong to. Every request has a connection of its own, so that a request that was not received
is told from one that may have been.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
from yarl import URL

from exoactor_rt.errors import ConfigError, GenerationError
from exoactor_rt.generation.answer import Answer, NoAnswerError, one_line, retry_after_s
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.credentials import read_token
from exoactor_rt.generation.patience import Patience
from exoactor_rt.generation_config import GenerationLimits, ServerConfig

MAX_ANSWER_BYTES = 1 << 20
_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 1 << 16

Form = Callable[[], aiohttp.FormData]
"""Makes a form anew for every request; a form can be sent once."""


class Server:
    """A server that is asked; an asynchronous context manager.

    Attributes:
        url: the configured address.
        origin: scheme, host and port, for provenance and messages.
        model: the configured model's name.
    """

    def __init__(
        self, config: ServerConfig, limits: GenerationLimits, clock: Clock, what: str
    ) -> None:
        """`what` names the server in messages.

        Raises:
            ConfigError: the address, token or certificates cannot be used.
        """
        try:
            self.url = URL(config.url, encoded=True)
            self._origin = self.url.origin()
        except ValueError as error:
            raise ConfigError(f"{what}: address {config.url!r}: {error}") from None
        self.origin = str(self._origin)
        self.model = config.model
        self.what = f"{what} {self.origin}"
        self._limits = limits
        self._clock = clock
        self._token = read_token(config)
        if self._token is not None and not _is_private(self._origin):
            raise ConfigError(f"{self.what}: a token is sent over https only; nothing was sent")
        self._tls = _tls(config, self.what)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Server:
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=self._limits.connect_s,
            sock_read=self._limits.request_s,
        )
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=timeout,
            auto_decompress=False,
            headers={"User-Agent": "exoactor_rt", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    def endpoint(self, *path: str) -> URL:
        """Address of `/v1/...` on this server, whether its own address ends in `/v1` or not."""
        base = self.url.path.rstrip("/").removesuffix("/v1")
        return self._origin.with_path("/".join((base, "v1", *path)))

    async def ask(
        self,
        method: str,
        url: URL,
        *,
        form: Form | None = None,
        document: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        limit_s: float | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> Answer:
        """Makes one request and reads the whole answer, whatever its status.

        Args:
            method: of HTTP.
            url: on this server.
            form: multipart body.
            document: JSON body.
            headers: more headers.
            limit_s: for the whole; `request_s` of the limits if left out.
            max_bytes: of the answer.

        Raises:
            NoAnswerError: none came; it may be tried again.
            GenerationError: the certificate is not trusted, or the answer is too long.
        """
        assert self._session is not None
        limit_s = self._limits.request_s if limit_s is None else limit_s
        timeout = aiohttp.ClientTimeout(
            total=limit_s, sock_connect=self._limits.connect_s, sock_read=limit_s
        )
        with self.connection_errors():
            async with self._session.request(
                method,
                url,
                data=form() if form is not None else None,
                json=document,
                headers=self._headers(url, headers),
                allow_redirects=False,
                ssl=self._tls,
                timeout=timeout,
            ) as response:
                return await self.read_answer(response, max_bytes)

    async def ask_again(
        self,
        method: str,
        url: URL,
        patience: Patience,
        *,
        form: Form | None = None,
        document: Mapping[str, Any] | None = None,
        limit_s: float | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> Answer:
        """Asks until there is a good answer; for requests that may be made twice.

        Raises:
            GenerationError: the answer is a lasting error, or `patience` has run out.
        """
        while True:
            waiting_s = None
            try:
                answer = await self.ask(
                    method, url, form=form, document=document, limit_s=limit_s, max_bytes=max_bytes
                )
                if answer.ok:
                    return answer
                cause, waiting_s = answer.words(), answer.retry_after_s
                if not answer.passing:
                    raise GenerationError(f"{self.what}: {cause}")
            except NoAnswerError as error:
                cause = str(error)
            await patience.wait(cause, waiting_s)

    async def read_answer(
        self, response: aiohttp.ClientResponse, max_bytes: int = MAX_ANSWER_BYTES
    ) -> Answer:
        """The rest of a response, without our token should it have been sent back.

        Raises:
            GenerationError: it is longer than `max_bytes`.
        """
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            body += chunk
            if len(body) > max_bytes:
                raise GenerationError(
                    f"{self.what}: an answer longer than {max_bytes} bytes; given up"
                )
        waiting = retry_after_s(response.headers.get("Retry-After"), self._clock.today())
        content = bytes(body) if self._token is None else self._token.redacted(bytes(body))
        return Answer(response.status, content, waiting)

    @asynccontextmanager
    async def stream(
        self, url: URL, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One GET whose body the caller reads; its errors are told by `connection_errors`.

        Raises:
            NoAnswerError: none came; it may be tried again.
            GenerationError: the certificate is not trusted, or a redirect leads nowhere we go.
        """
        assert self._session is not None
        for _ in range(_MAX_REDIRECTS + 1):
            own = url.origin() == self._origin
            tls = self._tls if own else ssl.create_default_context()
            async with self._session.get(
                url, headers=self._headers(url, headers), allow_redirects=False, ssl=tls
            ) as response:
                if response.status not in _REDIRECTS:
                    yield response
                    return
                url = self._redirected(url, response.headers.get("Location", ""))
        raise GenerationError(f"{self.what}: more than {_MAX_REDIRECTS} redirects; given up")

    @contextmanager
    def connection_errors(self) -> Iterator[None]:
        """Turns what goes wrong on a connection into one line, without headers or token.

        Raises:
            NoAnswerError: it may be tried again.
            GenerationError: it would fail again.
        """
        try:
            yield
        except aiohttp.ClientConnectorCertificateError as error:
            reason = one_line(str(error.certificate_error))
            raise GenerationError(f"{self.what}: certificate not trusted: {reason}") from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            message = f"cannot be reached: {one_line(str(reason))}"
            raise NoAnswerError(message, received=False) from None
        except asyncio.TimeoutError:
            raise NoAnswerError("no answer in time", received=True) from None
        except (aiohttp.ClientError, ConnectionError, ssl.SSLError) as error:
            message = f"the connection broke ({type(error).__name__})"
            raise NoAnswerError(message, received=True) from None

    def _headers(self, url: URL, more: Mapping[str, str] | None) -> dict[str, str]:
        headers = dict(more or {})
        if self._token is not None and url.origin() == self._origin:
            headers["Authorization"] = self._token.header()
        return headers

    def _redirected(self, url: URL, location: str) -> URL:
        try:
            target = url.join(URL(location, encoded=True))
            target.origin()
        except ValueError:
            target = URL()
        if target.scheme not in ("http", "https"):
            raise GenerationError(f"{self.what}: redirects to no web address; given up")
        if url.scheme == "https" and target.scheme == "http":
            raise GenerationError(f"{self.what}: redirects from https to http; given up")
        return target


def _is_private(origin: URL) -> bool:
    """Encrypted, or inside this machine."""
    host = origin.host or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return origin.scheme == "https" or loopback


def _tls(config: ServerConfig, what: str) -> ssl.SSLContext:
    """Verification is always on; there is no option against it."""
    try:
        context = ssl.create_default_context(cafile=config.ca_file or None)
        if config.client_cert_file:
            context.load_cert_chain(config.client_cert_file, config.client_key_file or None)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{what}: certificates cannot be loaded: {reason}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
