"""`python -m exoactor_rt.runtime`: the control process."""

import sys

from exoactor_rt.runtime.entry import main

sys.exit(main())
