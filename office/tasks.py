"""What the worker does for the office: thin, may run at any time, twice or late."""

from celery import shared_task
from django.utils import timezone

from office import consulting, exports, history, jobs, mailing, notices, reminders  # noqa: F401 - the work of export jobs is known to the worker by import


@shared_task(name="office.tasks.seal")  # type: ignore[untyped-decorator]
def seal() -> None:
    """Seal what history has grown by."""
    history.seal(timezone.now())


@shared_task(name="office.tasks.run_jobs")  # type: ignore[untyped-decorator]
def run_jobs() -> None:
    """Run what waits, and what a dead worker left."""
    jobs.run_due(timezone.now())


@shared_task(name="office.tasks.send_mail")  # type: ignore[untyped-decorator]
def send_mail() -> None:
    """Send the letters that are due."""
    mailing.run(timezone.now())


@shared_task(name="office.tasks.keep_time")  # type: ignore[untyped-decorator]
def keep_time() -> None:
    """End what nobody is left to answer."""
    consulting.close_orphaned(timezone.now())


@shared_task(name="office.tasks.remind")  # type: ignore[untyped-decorator]
def remind() -> None:
    """Tell what time alone brings about."""
    reminders.remind(timezone.now())


@shared_task(name="office.tasks.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Remove notices that were read long ago."""
    notices.sweep(timezone.now())
