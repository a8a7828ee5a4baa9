"""Terms (Art. 5): whole studio years with the dates by which their papers are due, stored once."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from studios.models import Studio, StudioYear, Term


def anniversary(start: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def open_term(studio: Studio, start: date, years: int) -> Term:
    """A term of ``years`` studio years of twelve months each from ``start``."""
    ends = [anniversary(start, number) - timedelta(days=1) for number in range(1, years + 1)]
    term = Term.objects.create(studio=studio, number=studio.terms.count() + 1, starts=start, ends=ends[-1])
    for number, end in enumerate(ends, 1):
        begins = anniversary(start, number - 1)
        StudioYear.objects.create(
            term=term,
            number=number,
            starts=begins,
            ends=end,
            plan_due=_month_end(begins, studio.programme.plan_due_months),
            summary_due=end - timedelta(days=studio.programme.summary_due_days),
        )
    return term


def _month_end(start: date, months: int) -> date:
    """The last day of the month that is the ``months``-th counted from ``start``'s own."""
    years, month = divmod(start.month - 1 + months - 1, 12)
    year, month = start.year + years, month + 1
    return date(year, month, monthrange(year, month)[1])


def give_grace(studio: Studio) -> None:
    """Nothing is due within the programme's grace days after the studio became active."""
    if studio.activated_on is None:
        return
    soonest = studio.activated_on + timedelta(days=studio.programme.grace_days)
    for year in StudioYear.objects.filter(term__studio=studio, summary_due__isnull=False):
        due = (max(year.plan_due or soonest, soonest), max(year.summary_due or soonest, soonest))
        if due != (year.plan_due, year.summary_due):
            year.plan_due, year.summary_due = due
            year.save(update_fields=["plan_due", "summary_due"])
