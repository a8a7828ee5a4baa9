"""What the worker does for applications: thin, may run at any time, twice or late."""

from celery import shared_task
from django.utils import timezone

from applications import timekeeping


@shared_task(name="applications.tasks.keep_time")
def keep_time() -> None:
    """Take the steps whose moment has come."""
    timekeeping.keep(timezone.now())
