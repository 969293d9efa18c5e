"""Raw HTTP requests that are nearly right, from a seed."""

import json

TASK = json.dumps({"instruction": "wave", "options": {"seed": 1}}).encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
_JSON = b"Content-Type: application/json\r\n"
_TARGETS = (
    (b"GET", b"/v1/health", b"", b""),
    (b"GET", b"/metrics", b"", b""),
    (b"GET", b"/v1/robot", b"", b""),
    (b"GET", b"/v1/tasks?limit=5&state=queued&before=t1", b"", b""),
    (b"GET", b"/v1/tasks/t0", b"", b""),
    (b"GET", b"/v1/tasks/t0/events", b"Last-Event-ID: 3\r\n", b""),
    (b"GET", b"/v1/tasks/t0/artifacts/plan.npz", b"", b""),
    (b"POST", b"/v1/tasks", _JSON + b"Idempotency-Key: k\r\n", TASK),
    (b"POST", b"/v1/uploads", b"Content-Type: application/octet-stream\r\n", PNG),
    (b"POST", b"/v1/tasks/t0/approve", b"", b""),
    (b"POST", b"/v1/tasks/t0/cancel", b"", b""),
    (b"POST", b"/v1/robot/damp", b"", b""),
)
_PIECES = (
    b"\r\n", b"\n", b"\r\n\r\n", b"\0", b": ", b"/", b"..%2f", b"%", b"?", b"{", b'"', b"\xff\xfe",
    b"HTTP/1.1", b"HTTP/9.9", b"Transfer-Encoding: chunked\r\n", b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999999999\r\n", b"Expect: 100-continue\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n", b"Host: \r\n", b"0\r\n\r\n",
    b"ffffffffff\r\n", b"Content-Encoding: gzip\r\n", b"Range: bytes=0-\r\n",
    b"null", b"1e999", b"A" * 9000,
)  # fmt: skip


def sound_request(rng):
    """A whole request that asks for the connection's end."""
    method, target, headers, body = rng.choice(_TARGETS)
    if rng.random() < 0.2 and body:
        framing = b"Transfer-Encoding: chunked\r\n"
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    else:
        framing = b"Content-Length: %d\r\n" % len(body) if body else b""
    head = b"%s %s HTTP/1.1\r\nHost: robot\r\nConnection: close\r\n" % (method, target)
    return head + headers + framing + b"\r\n" + body


def fuzzed_request(rng):
    """One that is sound, damaged at some places, or noise; what is cut is left so."""
    if rng.random() < 0.03:
        return rng.randbytes(rng.randrange(1, 300))
    data = bytearray(sound_request(rng))
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(data))
        kind = rng.randrange(6)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at:at] = rng.choice(_PIECES)
        elif kind == 2:
            del data[at : at + rng.randrange(1, 20)]
        elif kind == 3:
            data[at:at] = data[at : at + rng.randrange(1, 60)]
        elif kind == 4:
            data[at : at + 4] = rng.randbytes(4)
        elif len(data) > 1:
            del data[max(1, at) :]
        if not data:
            break
    return bytes(data) or b"\n"
