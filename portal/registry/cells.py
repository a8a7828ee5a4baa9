"""Fields of a roster: what a cell is read as, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget


class Cell(Widget):
    """A cell read by ``read``; a ValueError becomes the reason ``refusal`` (``{}`` stands for the cell)."""

    def __init__(self, read: Callable[[str], Any], refusal: str = "{}", required: str = "") -> None:
        super().__init__()
        self.read, self.refusal, self.required = read, refusal, required

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value to store. Raises ValueError with the reason."""
        if not value and self.required:
            raise ValueError(self.required)
        try:
            return self.read(value or "")
        except ValueError as error:
            raise ValueError(self.refusal.format(error)) from error


class Given(Field):
    """A field whose empty cell leaves what is already stored."""

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        value = self.clean(row, **kwargs)
        if value in (None, "") and instance.pk:
            return
        setattr(instance, self.attribute, value)


def text(limit: int, clean: Callable[[str], str] = str) -> Callable[[str], str]:
    """A reader of text of at most ``limit`` characters."""

    def read(value: str) -> str:
        cleaned = clean(value)
        if len(cleaned) > limit:
            raise ValueError(f"超过 {limit} 个字")
        return cleaned

    return read


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of one of ``words``; an empty cell is an empty value."""

    def read(value: str) -> str:
        if value and value not in words:
            raise ValueError(value)
        return words[value] if value else ""

    return read
