"""Entry point of the web server (gunicorn config.wsgi)."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from accounts.checks import refuse_demonstration  # noqa: E402 - needs the apps, which exist from here on

refuse_demonstration()

# The first visitor does not wait for the pages to be imported; and whatever exists by now stays for the life of the
# process, so the collector need not look through it again, nor in the middle of a page: a page makes ten thousands of
# objects, nearly all of which go with their last reference.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
