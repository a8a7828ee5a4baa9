"""docs/flows.md says what the tables say."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from applications.flows import APPLICATION
from office.diagram import diagram, document, table


def test_the_documentation_equals_the_tables() -> None:
    written = (settings.BASE_DIR / "docs" / "flows.md").read_text(encoding="utf-8")
    assert written == document(), "manage.py flows --write"


def test_the_command_prints_every_flow() -> None:
    output = StringIO()
    call_command("flows", stdout=output)
    for words in ("## 申报 `application`", "## 工作室 `studio`", "stateDiagram-v2"):
        assert words in output.getvalue()


def test_a_table_has_a_row_for_each_step_and_marks_those_that_want_an_opinion() -> None:
    rows = list(table(APPLICATION))[2:]
    assert len(rows) == len(APPLICATION.steps)
    for step, row in zip(APPLICATION.steps, rows, strict=True):
        assert row.startswith(f"| `{step.name}` | {step.label}")
        assert ("⚑" in row) == step.opinion


def test_a_diagram_begins_at_the_first_state_and_shows_every_step() -> None:
    lines = list(diagram(APPLICATION))
    assert "    [*] --> draft" in lines
    for step in APPLICATION.steps:
        assert any(line.endswith(f": {step.label}") for line in lines)
