from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "项目与办法"

    def ready(self) -> None:
        """Say of every appointment whether its organisation runs a programme (Art. 19)."""
        from accounts.capacity import FACTS
        from programmes.scopes import OWNS, runs_a_programme

        FACTS[OWNS] = lambda on: runs_a_programme("organisation")
