"""The name under which a file is shown and handed out."""

import re
import unicodedata

LONGEST = 255
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}$")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def ending(name: str) -> str:
    """The lower-case ending with its dot (.pdf); empty where the name has none."""
    found = ENDING.search(name)
    return found.group().lower() if found else ""


def clean(name: str) -> str:
    """The name without folders, control characters and marks that turn the direction of writing; may be empty."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(character for character in last if unicodedata.category(character) not in INVISIBLE)
    return "" if set(visible) <= {".", " "} else visible.strip()


def fitting(name: str, kind_endings: tuple[str, ...]) -> str:
    """``name`` with an ending of its kind and at most 255 characters; what is cut is the middle, not the ending."""
    stem, tail = name, ending(name)
    if tail:
        stem = name[: -len(tail)]
    if tail not in kind_endings:
        tail = kind_endings[0]
    return f"{stem[: LONGEST - len(tail)] or '附件'}{tail}"


def short(name: str) -> str:
    """The name as a sentence quotes it: at most 40 characters."""
    return name if len(name) <= 40 else f"{name[:24]}…{name[-15:]}"
