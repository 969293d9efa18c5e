"""docs/lessons.md names only tests that exist, and at least one a row."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(test_\w+)`")


def test_every_lesson_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ")][1:]
    existing = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    missing = {row: set(NAMED.findall(row)) - existing for row in rows}
    assert not {row: names for row, names in missing.items() if names}
    assert all(NAMED.findall(row) for row in rows) and len(rows) >= 12
