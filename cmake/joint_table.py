"""Writes the C++ joint table from the robot's CSV: `joint_table.py TABLE.csv HEADER.hpp`."""

import csv
import pathlib
import sys

COLUMNS = {
    "lower_rad": "lower_rad",
    "upper_rad": "upper_rad",
    "effort_nm": "effort_nm",
    "velocity_rad_s": "velocity_rad_s",
    "armature_kg_m2": "armature_kg_m2",
}


def main() -> None:
    """Writes the header only when its text has changed, so that nothing is rebuilt in vain."""
    table, header = map(pathlib.Path, sys.argv[1:3])
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    fields = "\n".join(f"  double {name};" for name in COLUMNS.values())
    lines = ",\n".join(
        f'    {{"{row["name"]}", ' + ", ".join(row[key] for key in COLUMNS) + "}" for row in rows
    )
    text = f"""// Made from {table.name} by cmake/joint_table.py.
#pragma once

#include <array>

namespace exoactor {{

inline constexpr int kNumJoints = {len(rows)};

/// One row of the joint table. Index in kJointTable = motor index of the SDK.
struct JointSpec {{
  const char* name;
{fields}
}};

inline constexpr std::array<JointSpec, kNumJoints> kJointTable = {{{{
{lines},
}}}};

}}  // namespace exoactor
"""
    header.parent.mkdir(parents=True, exist_ok=True)
    if not header.exists() or header.read_text() != text:
        header.write_text(text)


if __name__ == "__main__":
    main()
