"""How forms are rendered."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Looks for widgets and fields among the project's templates first (templates/django/forms)."""
