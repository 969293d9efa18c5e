"""Writes the C++ table of collision capsules: `capsule_table.py CAPSULES.csv PAIRS.csv HEADER.hpp`.

The pairs name groups of capsules that are kept apart: on any sides, or on the other side.
"""

import csv
import pathlib
import sys


def read(path: pathlib.Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def capsule_pairs(capsules: list[dict[str, str]], rules: list[dict[str, str]]) -> list[str]:
    """The pairs of capsules, the lower index first."""
    pairs = set()
    for first, a in enumerate(capsules):
        for second, b in enumerate(capsules):
            for rule in rules:
                groups = (a["group"], b["group"]) == (rule["group"], rule["other_group"])
                if groups and (rule["sides"] == "any" or a["side"] != b["side"]):
                    pairs.add((min(first, second), max(first, second)))
    return [f"{{{first}, {second}}}" for first, second in sorted(pairs)]


def capsule(row: dict[str, str]) -> str:
    """One entry of the table."""
    start, end = (
        ", ".join(row[f"{point}_{axis}_m"] for axis in "xyz") for point in ("start", "end")
    )
    return f'{{"{row["link"]}", {{{start}}}, {{{end}}}, {row["radius_m"]}, {row["margin_m"]}}}'


def main() -> None:
    """Writes the header only when its text has changed, so that nothing is rebuilt in vain."""
    table, rules, header = map(pathlib.Path, sys.argv[1:4])
    capsules = read(table)
    pairs = capsule_pairs(capsules, read(rules))
    lines = ",\n".join(f"    {capsule(row)}" for row in capsules)
    pair_lines = ",\n".join(f"    {pair}" for pair in pairs)
    text = f"""// Made from {table.name} and {rules.name} by cmake/capsule_table.py.
#pragma once

#include <array>

namespace exoactor {{

/// A capsule fixed to a link.
struct CapsuleSpec {{
  const char* link;
  std::array<double, 3> start_in_link_m;
  std::array<double, 3> end_in_link_m;
  double radius_m;
  double margin_m;  ///< clearance asked of it; a pair keeps the smaller of its two
}};

/// Indices into kCapsuleTable.
struct CapsulePair {{
  int first;
  int second;
}};

inline constexpr std::array<CapsuleSpec, {len(capsules)}> kCapsuleTable = {{{{
{lines},
}}}};

inline constexpr std::array<CapsulePair, {len(pairs)}> kCapsulePairs = {{{{
{pair_lines},
}}}};

}}  // namespace exoactor
"""
    header.parent.mkdir(parents=True, exist_ok=True)
    if not header.exists() or header.read_text() != text:
        header.write_text(text)


if __name__ == "__main__":
    main()
