"""What was measured, as a table beside its budget."""

from __future__ import annotations

from typing import Any

KILO = 1024


def _within(value: float | None, budget: float | None) -> str:
    """The mark behind a figure that is over its budget."""
    return "" if value is None or budget is None or value <= budget else " !"


def _figure(value: float | None, budget: float | None, form: str) -> str:
    if value is None:
        return ""
    limit = "" if budget is None else f"/{budget:g}"
    return f"{value:{form}}{limit}{_within(value, budget)}"


def _row(found: dict[str, Any]) -> str:
    size = found["size"] / KILO if found.get("size") is not None else None
    return (
        f"{found['name']:<46}{_figure(found.get('queries'), found.get('most_queries'), 'd'):>10}"
        f"{found['ms']:>9.1f}{_figure(found['multiple'], found.get('most_multiple'), '.1f'):>12}"
        f"{_figure(size, found.get('most_size'), '.0f'):>12}"
    )


def of_set(name: str, found: dict[str, Any], load: float) -> str:
    """The table of one data set: what / budget, with a ! behind what is over."""
    lines = [f"\n{name}: floor {found['floor']:.2f} ms (p50); load of the machine before the run {load:.1f}"]
    if found["rows"]:
        lines.append(f"{'what':<46}{'queries':>10}{'p50 ms':>9}{'× floor':>12}{'KB':>12}")
        lines += [_row(row) for row in found["rows"]]
    if "first_visit" in found:
        first = found["first_visit"] / KILO
        lines.append(f"first visit, css + js + html, compressed: {_figure(first, 200, '.0f')} KB")
    if "night" in found:
        lines.append(_night(found["night"]))
    return "\n".join(lines)


def _night(night: dict[str, Any]) -> str:
    rate = night["submitted"] / night["seconds"]
    return (
        f"deadline night: {night['submitted']} submissions in {night['seconds']:.0f} s, {rate:.1f}/30 a second"
        f"{' !' if rate < 30 else ''}; lost {night['lost']}, twice {night['twice']}, refused {night['refused']};"
        f" p95 save {night['save_p95']:.0f} ms, submit {night['submit_p95']:.0f}/2000 ms;"
        f" desk meanwhile {_figure(night['desk_multiple'], 10, '.1f')} × floor (p50)"
    )


def against(city: dict[str, Any], nation: dict[str, Any], most: float) -> str:
    """Each page of the nation against the same of the city."""
    before = {row["name"]: row["multiple"] for row in city["rows"]}
    lines = [f"\n{'nation / city, in multiples of the floor':<46}{'city':>8}{'nation':>8}{'ratio':>12}"]
    for row in nation["rows"]:
        if base := before.get(row["name"]):
            ratio = row["multiple"] / base
            lines.append(
                f"{row['name']:<46}{base:>8.1f}{row['multiple']:>8.1f}{_figure(ratio, most, '.2f'):>12}"
            )
    return "\n".join(lines)
