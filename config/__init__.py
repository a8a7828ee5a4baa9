"""The program's configuration; importing it makes Celery known to Django."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
