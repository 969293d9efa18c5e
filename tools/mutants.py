"""Small faults put into C++ source text, one at a time, for mutation testing.

The text must be formatted by this project's clang-format style: an operator with two operands has a
space on either side of it, what is a template's has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One changed line.

    Attributes:
        operator: what kind of change.
        line: from 1.
        before: the line as it is, stripped.
        after: the line as changed, stripped; empty where it was deleted.
        text: the whole file with the change.
    """

    operator: str
    line: int
    before: str
    after: str
    text: str


_SWAPS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "relational": (
        (" < ", (" <= ", " >= ")),
        (" <= ", (" < ", " > ")),
        (" > ", (" >= ", " <= ")),
        (" >= ", (" > ", " < ")),
        (" == ", (" != ",)),
        (" != ", (" == ",)),
    ),
    "logical": ((" && ", (" || ",)), (" || ", (" && ",))),
    "arithmetic": (
        (" + ", (" - ",)),
        (" - ", (" + ",)),
        (" * ", (" / ",)),
        (" / ", (" * ",)),
        (" += ", (" -= ", " = ")),
        (" -= ", (" += ",)),
        (" *= ", (" /= ", " = ")),
        ("++", ("--",)),
        ("std::min", ("std::max",)),
        ("std::max", ("std::min",)),
        ("cwiseMin", ("cwiseMax",)),
        ("cwiseMax", ("cwiseMin",)),
        (" & ", (" | ",)),
        ("~", ("",)),
    ),
    "truth": (("true", ("false",)), ("false", ("true",))),
}
_NUMBER = re.compile(r"(?<![\w.])(\d[\d']*\.?\d*(?:e-?\d+)?)(?![\w.'])")
_NEGATION = re.compile(r"(?<![=\w!])!(?=[\w(])")
_MINUS = re.compile(r"(?<=[(,{=? ])-(?=[a-z(])")
_CONDITION = re.compile(r"^(\s*(?:\} else )?if \()(.*)(\) (?:\{|\S.*;)|\)\s*)$")
_RETURN = re.compile(r"^(.*\breturn )([^;]+)(;.*)$")
_STATEMENT = re.compile(r"^\s+(?:\+\+|[\w:]+(?:[.\[(]|->| [-+*|&]?= |\())[^{}]*;$")
_DECLARATION = re.compile(
    r"^\s*(?:const|constexpr|using|return|explicit|static|inline|enum|throw)\b"
)


_EMPTY = ("{}", "Trip{}", "false", "0")
"""Values that `{}` equals."""


def mutants_of(text: str) -> Iterator[Mutant]:
    """Every mutant of a file's text; some do not compile."""
    lines = text.splitlines(keepends=True)
    code = [_without_comment(line) for line in lines]
    for index, line in enumerate(code):
        if not line.strip() or line.lstrip().startswith(("#", "static_assert", "namespace")):
            continue
        for operator, changed in _changes(line, code[index - 1] if index else ""):
            after = "".join([*lines[:index], changed + "\n", *lines[index + 1 :]])
            yield Mutant(operator, index + 1, line.strip(), changed.strip(), after)


def _without_comment(line: str) -> str:
    return line.split("//", maxsplit=1)[0].rstrip()


def _changes(line: str, previous: str) -> Iterator[tuple[str, str]]:
    """(operator, changed line) of a line of code."""
    masked = re.sub(r'"[^"]*"', lambda match: '"' + "_" * (len(match[0]) - 2) + '"', line)
    for operator, swaps in _SWAPS.items():
        for old, replacements in swaps:
            for match in re.finditer(_whole(old), masked):
                for new in replacements:
                    yield operator, line[: match.start()] + new + line[match.end() :]
    for match in _NUMBER.finditer(masked):
        yield "constant", line[: match.start()] + _other(match[0]) + line[match.end() :]
    for match in _NEGATION.finditer(masked):
        yield "negation", line[: match.start()] + line[match.end() :]
    for match in _MINUS.finditer(masked):
        yield "arithmetic", line[: match.start()] + line[match.end() :]
    if condition := _CONDITION.match(line):
        head, inner, tail = condition.groups()
        if inner.count("(") == inner.count(")"):
            yield "condition", f"{head}!({inner}){tail}"
    if returned := _RETURN.match(line):
        head, value, tail = returned.groups()
        if value not in _EMPTY:
            yield "return", f"{head}{{}}{tail}"
    begins = not previous.strip() or previous.rstrip().endswith((";", "{", "}", ":"))
    if begins and _STATEMENT.match(line) and not _DECLARATION.match(line):
        yield "deletion", ""


def _whole(old: str) -> str:
    return rf"(?<!\w){re.escape(old)}(?!\w)" if old[0].isalpha() else re.escape(old)


def _other(number: str) -> str:
    """Another number of the same kind."""
    if "." in number or "e" in number:
        return repr(float(number.replace("'", "")) + 1.0)
    return str(int(number.replace("'", "")) + 1)
