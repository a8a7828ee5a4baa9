"""Slips: a small paper for each person, several to a sheet, with lines to cut along."""

from collections.abc import Iterable
from dataclasses import dataclass

from office.paper import engine
from office.paper.typesetting import clean


@dataclass(frozen=True)
class Slip:
    """What one person is handed: a heading, lines of label and value, a note at the foot.

    ``secret``: a value set in letters that are not taken for one another.
    """

    heading: str
    lines: tuple[tuple[str, str], ...]
    secret: tuple[str, str]
    note: str


def render_slips(title: str, slips: Iterable[Slip]) -> bytes:
    """The slips as PDF on A4, two beside each other, ten to a sheet. Raises engine.PdfUnavailable."""
    engine.font_files()
    page = engine.html(
        "slips.html",
        {
            "title": clean(title),
            "slips": [
                {
                    "heading": clean(slip.heading),
                    "lines": [(clean(label), clean(value)) for label, value in slip.lines],
                    "secret": slip.secret,
                    "note": clean(slip.note),
                }
                for slip in slips
            ],
        },
    )
    return engine.pdf(page, css=("slips.css",))
