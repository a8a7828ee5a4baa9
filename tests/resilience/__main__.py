"""python -m tests.resilience [name…] [--much]: runs the scenarios and prints the table; --much hurts more often."""

from __future__ import annotations

import signal
import sys
import time
from importlib import import_module

from tests.resilience.finding import Finding
from tests.resilience.house import ground

NAMES = (
    "fifty",
    "server_killed",
    "worker_killed",
    "redis_away",
    "postgres_restarted",
    "storage_full",
    "backup",
    "two_tabs",
    "last_second",
    "clock_off",
)


def line(label: str, text: str) -> str:
    return f"    {label:<8}{text}"


def show(name: str, finding: Finding, seconds: float) -> None:
    print(f"{'ok   ' if finding.ok else 'FAULT'} {name:<16}{seconds:>7.1f} s  {finding.failure}", flush=True)
    for label, text in (("done", finding.done), ("seen", finding.seen), ("checked", finding.checked)):
        print(line(label, text), flush=True)
    for fault in finding.faults:
        print(line("FAULT", fault), flush=True)


def main(words: list[str]) -> int:
    much = "--much" in words
    names = [word for word in words if word != "--much"] or list(NAMES)
    sound = True
    # A polite end of this process ends its servers and clears its folders away too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ground() as on:
        for name in names:
            began = time.monotonic()
            finding = import_module(f"tests.resilience.{name}").run(on, much)
            show(name, finding, time.monotonic() - began)
            sound &= finding.ok
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
