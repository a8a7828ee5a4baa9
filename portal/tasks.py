"""What the worker does for the portal."""

from celery import shared_task
from django.utils import timezone

from portal.audit import work as audit_work  # noqa: F401 - as below
from portal.registry import shelf, slips, succession, work  # noqa: F401 - the work of these jobs is known to the worker by import
from portal.safety import keeping


@shared_task(name="portal.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Remove the files that waited for their owner for more than a day, and sign-ins whose time is over.

    What is at schools that have been merged meanwhile goes on at their successors.
    """
    now = timezone.now()
    shelf.sweep(now)
    keeping.sweep(now)
    succession.keep(now)
