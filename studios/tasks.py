"""What the worker does for studios."""

from celery import shared_task
from django.utils import timezone

from studios import timekeeping


@shared_task(name="studios.tasks.keep_time")
def keep_time() -> None:
    """Open what is due to be filled in, end what has lasted its time."""
    now = timezone.now()
    timekeeping.keep(now)
    timekeeping.end_acting_leads(now)
