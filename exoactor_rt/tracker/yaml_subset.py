"""A reader for the YAML that configuration dumps consist of, with no way to run anything.

Understood: block mappings and sequences, flow lists and mappings over several lines, plain and
quoted scalars of one line, comments, anchors and aliases. Tags (`!!python/object:...`) are
ignored: their content is read as plain data. Anything else is refused.
"""

from __future__ import annotations

import re
from typing import Any

from exoactor_rt.errors import PolicyError

_MAX_CHARACTERS = 1_000_000
_MAX_DEPTH = 32
_TAG = re.compile(r"^![^\s\[\]{},]*(\s+|$)")
_ANCHOR = re.compile(r"^&([A-Za-z0-9_]+)(\s+|$)")
_KEY = re.compile(r"""^("[^"]*"|'[^']*'|[^\s#&*!|>%@`"'\[\]{},][^#]*?)\s*:(?:\s+(.*))?$""")
_NUMBER = re.compile(r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    ".inf": float("inf"),
    "-.inf": float("-inf"),
    ".nan": float("nan"),
}


def read_yaml(text: str, where: str) -> Any:
    """The document as dicts, lists and scalars.

    Args:
        text: one YAML document.
        where: named in errors.

    Raises:
        PolicyError: the text is outside the subset; the message says in which line.
    """
    if len(text) > _MAX_CHARACTERS:
        raise PolicyError(f"{where}: {len(text)} characters > {_MAX_CHARACTERS}; not read")
    return _Reader(text, where).document()


class _Reader:
    def __init__(self, text: str, where: str):
        self._where = where
        self._anchors: dict[str, Any] = {}
        self._lines = self._join(text)
        self._at = 0

    def document(self) -> Any:
        if not self._lines:
            return None
        value = self._block(self._lines[0][1], 0)
        if self._at < len(self._lines):
            raise self._error("indentation does not fit")
        return value

    def _error(self, what: str, line: int | None = None) -> PolicyError:
        if line is None:
            line = self._lines[min(self._at, len(self._lines) - 1)][0]
        return PolicyError(f"{self._where} line {line}: {what}; not read")

    def _join(self, text: str) -> list[tuple[int, int, str]]:
        """Logical lines (number, indent, text); a flow collection is one line."""
        joined: list[tuple[int, int, str]] = []
        depth = 0
        for number, raw in enumerate(text.splitlines(), start=1):
            content = _without_comment(raw)
            stripped = content.strip()
            if not stripped or (depth == 0 and stripped in ("---", "...")):
                continue
            if "\t" in content[: len(content) - len(content.lstrip())]:
                raise self._error("a tab indents", number)
            if depth > 0:
                first, indent, before = joined[-1]
                joined[-1] = (first, indent, f"{before} {stripped}")
            else:
                joined.append((number, len(content) - len(content.lstrip()), stripped))
            depth += _flow_depth(stripped)
            if depth < 0:
                raise self._error("a bracket closes that was not opened", number)
        if depth:
            raise self._error("a bracket is not closed", joined[-1][0])
        return joined

    def _block(self, indent: int, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise self._error(f"nested deeper than {_MAX_DEPTH}")
        text = self._lines[self._at][2]
        if text == "-" or text.startswith("- "):
            return self._sequence(indent, depth)
        if _KEY.match(text):
            return self._mapping(indent, depth)
        self._at += 1
        return self._inline(text)

    def _sequence(self, indent: int, depth: int) -> list[Any]:
        items: list[Any] = []
        while self._at < len(self._lines):
            number, own, text = self._lines[self._at]
            if own != indent or not (text == "-" or text.startswith("- ")):
                break
            rest = text[1:].lstrip()
            if rest and not _inline_only(rest) and (_KEY.match(rest) or rest.startswith("- ")):
                inner = own + len(text) - len(rest)
                self._lines[self._at] = (number, inner, rest)
                items.append(self._block(inner, depth + 1))
            else:
                self._at += 1
                items.append(self._value(rest, indent, depth, sequence_deeper=True))
        return items

    def _mapping(self, indent: int, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while self._at < len(self._lines) and self._lines[self._at][1] == indent:
            match = _KEY.match(self._lines[self._at][2])
            if match is None:
                if self._lines[self._at][2].startswith("-"):
                    break
                raise self._error("neither a key nor an item")
            key = str(_unquoted(match.group(1)))
            if key in entries:
                raise self._error(f"key {key} is double")
            self._at += 1
            entries[key] = self._value(match.group(2) or "", indent, depth, sequence_deeper=False)
        return entries

    def _value(self, text: str, indent: int, depth: int, *, sequence_deeper: bool) -> Any:
        """What follows a key or a dash: on the same line, or as a block below."""
        text = _TAG.sub("", text, count=1)
        anchor = _ANCHOR.match(text)
        text = _ANCHOR.sub("", text, count=1)
        text = _TAG.sub("", text, count=1)
        if text:
            value = self._inline(text)
        elif self._at < len(self._lines) and self._is_below(indent, sequence_deeper):
            value = self._block(self._lines[self._at][1], depth + 1)
        else:
            value = None
        if anchor:
            self._anchors[anchor.group(1)] = value
        return value

    def _is_below(self, indent: int, sequence_deeper: bool) -> bool:
        _, own, text = self._lines[self._at]
        is_item = text == "-" or text.startswith("- ")
        return own > indent or (own == indent and is_item and not sequence_deeper)

    def _inline(self, text: str) -> Any:
        if text[0] in "[{":
            value, rest = self._flow(text, 0)
            if rest.strip():
                raise self._error(f"unexpected {rest.strip()[:20]!r}")
            return value
        return self._scalar(text)

    def _scalar(self, text: str) -> Any:
        text = _TAG.sub("", text, count=1).strip()
        if text.startswith("*"):
            if text[1:] not in self._anchors:
                raise self._error(f"alias {text} has no anchor")
            return self._anchors[text[1:]]
        if text[:1] in ("|", ">", "&", "%", "@", "`"):
            raise self._error(f"{text[:20]!r} is outside the subset read here")
        return _unquoted(text)

    def _flow(self, text: str, depth: int) -> tuple[Any, str]:
        """One flow value at the start of `text`, and what follows it."""
        if depth > _MAX_DEPTH:
            raise self._error(f"nested deeper than {_MAX_DEPTH}")
        text = _TAG.sub("", text.lstrip(), count=1)
        if text[:1] not in ("[", "{"):
            end = _end_of_flow_scalar(text)
            return self._scalar(text[:end]), text[end:]
        closing = "]" if text[0] == "[" else "}"
        items: list[Any] = []
        entries: dict[str, Any] = {}
        rest = text[1:].lstrip()
        while rest[:1] != closing:
            if closing == "}":
                match = re.match(r"""("[^"]*"|'[^']*'|[^,\[\]{}:]+):\s*""", rest)
                if match is None:
                    raise self._error("a flow mapping without a key")
                value, rest = self._flow(rest[match.end() :], depth + 1)
                entries[str(_unquoted(match.group(1).strip()))] = value
            else:
                value, rest = self._flow(rest, depth + 1)
                items.append(value)
            rest = rest.lstrip()
            if rest[:1] == ",":
                rest = rest[1:].lstrip()
            elif rest[:1] != closing:
                raise self._error("a comma or closing bracket is missing")
        return (items if closing == "]" else entries), rest[1:]


def _inline_only(text: str) -> bool:
    return text[0] in "[{\"'!&*"


def _end_of_flow_scalar(text: str) -> int:
    if text[:1] in ("'", '"'):
        closing = text.find(text[0], 1)
        return closing + 1 if closing > 0 else len(text)
    match = re.search(r"[,\[\]{}]", text)
    return match.start() if match else len(text)


def _unquoted(text: str) -> Any:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.match(text):
        return float(text) if any(mark in text for mark in ".eE") else int(text)
    return text


def _outside_quotes(text: str) -> list[tuple[int, str]]:
    """(index, character) of what stands outside quotes."""
    found: list[tuple[int, str]] = []
    quote = ""
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and (index == 0 or text[index - 1] in " [{,:"):
            quote = character
        else:
            found.append((index, character))
    return found


def _without_comment(line: str) -> str:
    for index, character in _outside_quotes(line):
        if character == "#" and (index == 0 or line[index - 1] in " \t"):
            return line[:index].rstrip()
    return line.rstrip()


def _flow_depth(text: str) -> int:
    characters = [character for _, character in _outside_quotes(text)]
    opened = characters.count("[") + characters.count("{")
    return opened - characters.count("]") - characters.count("}")
