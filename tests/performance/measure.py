"""Measures the server at --port over the database of the environment; prints what was found as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from statistics import median
from typing import Any

import django

PARTS = ("pages", "steps", "night")


def measure(port: int, parts: list[str], seconds: int) -> dict[str, Any]:
    """The parts asked for, in the order of the table."""
    from tests.performance import night, pages, steps
    from tests.performance.cast import Cast

    watch = pages.Stopwatch(port, Cast())
    for _ in range(20):
        watch.floor()
    watch.floors.clear()
    found: dict[str, Any] = {"rows": []}
    if "pages" in parts:
        found["first_visit"] = pages.first_visit(port)
        for page in pages.pages(watch.cast):
            print(f"  {page.name}", file=sys.stderr, flush=True)
            found["rows"].append(watch.page(page))
    if "steps" in parts:
        for row in steps.measure(watch):
            print(f"  {row['name']}", file=sys.stderr, flush=True)
            found["rows"].append(row)
    if "night" in parts:
        found["night"] = night.measure(watch, seconds)
    return found | {"floor": median(watch.floors) * 1000}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    django.setup()
    json.dump(measure(given.port, given.parts, given.seconds), sys.stdout)
