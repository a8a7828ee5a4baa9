"""What the worker does for the portal."""

from celery import shared_task
from django.utils import timezone

from portal.audit import work as audit_work  # noqa: F401 - as below
from portal.registry import shelf, slips, work  # noqa: F401 - the work of these jobs is known to the worker by import


@shared_task(name="portal.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Remove the files that waited for their owner for more than a day."""
    shelf.sweep(timezone.now())
