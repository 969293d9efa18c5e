"""Runs under an interpreter that has unitree_sdk2py and need not have this package.

`motion_switcher_process.py check|release DOMAIN INTERFACE` prints the program's name, or the names
of those it ended, as JSON. Exit codes: 0; 3 no library; 4 no answer; 5 the program did not end.
"""

import json
import sys
import time

_MISSING, _NO_SERVER, _STAYS = 3, 4, 5
_TIMEOUT_S = 2.0
_TRIES = 5


def main() -> int:
    """Asks, prints, returns the exit code."""
    try:
        from unitree_sdk2py.comm.motion_switcher.motion_switcher_client import (  # noqa: PLC0415
            MotionSwitcherClient,
        )
        from unitree_sdk2py.core.channel import ChannelFactoryInitialize  # noqa: PLC0415
    except ImportError as error:
        print(error, file=sys.stderr)
        return _MISSING
    what, domain, interface = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    ChannelFactoryInitialize(domain, interface)
    client = MotionSwitcherClient()
    client.SetTimeout(_TIMEOUT_S)
    client.Init()
    ended: list[str] = []
    for _ in range(_TRIES):
        code, told = client.CheckMode()
        if code != 0 or told is None:
            return _NO_SERVER
        name = told.get("name", "")
        if what == "check":
            print(json.dumps(name))
            return 0
        if not name:
            print(json.dumps(", ".join(ended)))
            return 0
        client.ReleaseMode()
        ended.append(name)
        time.sleep(0.5)
    print(f"{ended[-1]} runs still", file=sys.stderr)
    return _STAYS


if __name__ == "__main__":
    sys.exit(main())
