"""Read by Python at its start: CLOCK_AHEAD (seconds) makes a process of the program live that much later."""

import os
import sys
from datetime import UTC, datetime, timedelta

# The program must not take itself for one under test, which it would with pytest among its modules.
sys.modules["pytest"] = None  # type: ignore[assignment]

import time_machine  # noqa: E402

del sys.modules["pytest"]

time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(os.environ["CLOCK_AHEAD"]))).start()
