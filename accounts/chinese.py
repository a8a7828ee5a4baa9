"""Order and initials of Chinese names, as users expect them: by pinyin."""

from pypinyin import Style, lazy_pinyin

SURNAMES = {
    "仇": "qiu",
    "单": "shan",
    "区": "ou",
    "解": "xie",
    "查": "zha",
    "曾": "zeng",
    "盖": "ge",
    "朴": "piao",
}


def sort_key(name: str, *, person: bool = False) -> str:
    """The pinyin of ``name``, syllables apart, by which lists are sorted (at most 200 characters).

    ``person``: the first character is a surname, some of which have a reading of their own.
    """
    syllables = lazy_pinyin(name, errors="default")
    if person and name[:1] in SURNAMES:
        syllables[0] = SURNAMES[name[0]]
    return " ".join(syllables).lower()[:200]


def initials(name: str) -> str:
    """The first letters of the pinyin of ``name``: 红山区 → hsq."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default")).lower()[:60]


def initials_pattern(letters: str) -> str:
    """A pattern for sort keys that finds a name by the initials of its pinyin: wzy → 王志远."""
    return "^" + " ".join(f"{letter}[^ ]*" for letter in letters.lower())
