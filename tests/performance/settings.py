"""The program's own settings, with the floor's address beside the program's."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.performance.urls"
