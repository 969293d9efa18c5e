"""Exit codes of the `exoactor` command."""

PASS = 0
FAIL = 1
BAD_INPUT = 2
REFUSED = 3
DIVERGENCE = 3
INTERNAL = 70
INTERRUPTED = 130
READER_GONE = 141
