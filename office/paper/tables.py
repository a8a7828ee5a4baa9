"""Lists on paper: recommendation lists, rankings, ledgers."""

from office.paper import engine
from office.paper.blocks import Table, table
from office.paper.typesetting import clean, runs


def render_table(
    title: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    *,
    landscape: bool = False,
    widths: tuple[float, ...] = (),
    subtitle: str = "",
    notes: tuple[str, ...] = (),
) -> bytes:
    """A titled table as PDF on A4, its head on every page, 第 1 页 共 3 页 at the foot.

    subtitle: a line under the title (unit, date). notes: lines below the table (who made it, who checked).
    Raises ValueError for a row of another length than the head, engine.PdfUnavailable.
    """
    engine.font_files()
    page = engine.html(
        "listing.html",
        {
            "title": clean(title),
            "title_runs": runs(clean(title)),
            "subtitle": clean(subtitle),
            "table": table(Table(columns, rows, widths)),
            "notes": [clean(note) for note in notes],
            "landscape": landscape,
        },
    )
    return engine.pdf(page, css=("page.css", "table.css", "listing.css"))
