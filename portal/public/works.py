"""What the public reads of a studio's work (Art. 4): how much of what, and the outputs its lead has released.

Neither the titles of activities nor places or guests: a diagnosis would name the school it was made for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Area
from office.alternatives import matching
from studios.models import Activity, ActivityState, Duty, Output, OutputState, Studio

SHOWN = 30


@dataclass(frozen=True)
class Works:
    """``duties``: (duty, activities held), those with any; ``schools`` helped, of them ``needy`` rural or weak ones."""

    held: int
    duties: list[tuple[str, int]]
    schools: int
    needy: int
    outputs: list[Output]


def works_of(studio: Studio) -> Works:
    """What ``studio`` has done, its own and what it joined; two queries."""
    joined = Activity.partners.through._default_manager.filter(studio=studio).values("activity")
    done = matching(Activity.objects.order_by(), Q(studio=studio) | Q(pk__in=joined))
    held = done.filter(state=ActivityState.HELD)
    duties: dict[int, str] = {}
    schools: dict[int, bool] = {}
    for pk, duty, school, area, weak in held.values_list(
        "pk", "duty", "schools", "schools__area", "schools__weak"
    ):
        duties[pk] = duty
        if school is not None:
            schools[school] = area == Area.RURAL or weak
    counts = Counter(duties.values())
    released = Output.objects.filter(studio=studio, state=OutputState.PUBLIC).order_by("-dated", "-pk")
    return Works(
        held=len(duties),
        duties=[(label, counts[duty]) for duty, label in Duty.choices if counts[duty]],
        schools=len(schools),
        needy=sum(schools.values()),
        outputs=list(released[:SHOWN]),
    )
