"""What the worker does for the portal."""

from portal.registry import work  # noqa: F401 - the work of roster jobs is known to the worker by import
