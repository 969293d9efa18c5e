"""Writes what is generated of the replay's documentation: the table of checks and the schema.

`python tools/replay_docs.py` rewrites them; `--check` compares and exits 1 on a difference.
"""

import argparse
import sys
from pathlib import Path

from exoactor_rt.replay.check_limits import JointLimits, ScalarLimits
from exoactor_rt.replay.check_record import json_schema
from exoactor_rt.replay.checks import ALL_CHECKS
from exoactor_rt.replay.checks.check import Check

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCHEMA = DOCS / "check_record.schema.json"
PAGE = DOCS / "replay.md"
BEGIN = "<!-- begin: written by tools/replay_docs.py -->\n"
END = "<!-- end -->\n"


def limit_of(check: Check) -> str:
    """The limit's name in a site's file, and the robot's value where it is one number."""
    if not check.limit:
        return "none allowed"
    if set(check.limit.split(", ")) <= set(JointLimits.__struct_fields__):
        return f"`{check.limit}` of the joint"
    value = getattr(ScalarLimits(), check.limit)
    return f"`{check.limit}` {value:.10g}"


def table() -> str:
    """Every check: name, what, of what, limit, debounce, why."""
    lines = [
        "| check | what | of | limit | shorter does not count | why |",
        "|---|---|---|---|---|---|",
    ]
    for check in ALL_CHECKS:
        title = check.title + (f", {check.unit}" if check.unit else "")
        kinds = ", ".join(sorted(kind.value for kind in check.kinds))
        optional = " (where told)" if check.optional else ""
        debounce = f"{check.debounce_s * 1e3:g} ms" if check.debounce_s else ""
        lines.append(
            f"| `{check.name}` | {title} | {kinds}{optional} | {limit_of(check)} | {debounce} "
            f"| {check.cause} |"
        )
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with its table as the code has it."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def main() -> int:
    """Rewrites or checks; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    arguments = parser.parse_args()
    made = {SCHEMA: json_schema(), PAGE: page(PAGE.read_text(encoding="utf-8"))}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if not arguments.check:
        for path in stale:
            path.write_text(made[path], encoding="utf-8")
        return 0
    for path in stale:
        print(f"{path.name} is not as the code is: run python tools/replay_docs.py")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
