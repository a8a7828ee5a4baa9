"""The background worker: which tasks there are and when they run.

The database is what must not lose anything; tasks look there for what is due and can be run at any
time, twice, or late. So the schedule is short and static, and there is no result store: results and
progress of long work are rows of the office's jobs.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("studio_programme")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds between two runs. A run that could not start before the next one is due is dropped: the next
# one finds the same work.
app.conf.beat_schedule = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "office.tasks.seal": 60.0,
        "office.tasks.run_jobs": 15.0,
        "office.tasks.send_mail": 15.0,
        "office.tasks.remind": 60.0,
        "office.tasks.keep_time": 3600.0,
        "applications.tasks.keep_time": 60.0,
        "office.tasks.sweep": 3600.0,
        "studios.tasks.keep_time": 3600.0,
        "portal.tasks.sweep": 3600.0,
    }.items()
}
