"""The plaque of a studio, at its true size, with a code that leads to its public check page."""

import io
from dataclasses import dataclass
from datetime import date

import segno

from office.paper import engine
from office.paper.typesetting import clean, day, points, runs, width

NAME_WIDTH = 500 / 25.4 * 72  # points the name may take of the plaque's 600 mm
LARGEST_NAME = 150.0
LARGEST_TITLE = 64.0


@dataclass(frozen=True)
class Plaque:
    """What a plaque says: title is the programme's (赤峰市名校长工作室), check_url the page that confirms it."""

    studio_name: str
    title: str
    number: str
    issuer: str
    dated: date
    term_text: str
    check_url: str


def code(address: str) -> bytes:
    """The address as a QR code (PNG), of which a quarter may be scratched."""
    image = io.BytesIO()
    segno.make(address, error="q", micro=False).save(image, kind="png", scale=16, border=2)
    return image.getvalue()


def _size(text: str, largest: float) -> str:
    return points(min(largest, NAME_WIDTH / max(width(text), 1)))


def render_plaque(plaque: Plaque) -> bytes:
    """The plaque as PDF of 600 × 400 mm, for the engraver at 1:1. Raises engine.PdfUnavailable."""
    engine.font_files()
    name, title = clean(plaque.studio_name), clean(plaque.title)
    page = engine.html(
        "plaque.html",
        {
            "name": name,
            "name_runs": runs(name),
            "name_size": _size(name, LARGEST_NAME),
            "title_runs": runs(title),
            "title_size": _size(title, LARGEST_TITLE),
            "number": clean(plaque.number),
            "issuer": clean(plaque.issuer),
            "dated": day(plaque.dated),
            "term": clean(plaque.term_text),
            "code": engine.picture(code(plaque.check_url)),
        },
    )
    return engine.pdf(page, css=("plaque.css",))
