"""Entry point of the web server (gunicorn config.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from accounts.checks import refuse_demonstration  # noqa: E402 - needs the apps, which exist from here on

refuse_demonstration()
