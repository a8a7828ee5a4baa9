"""Uploads are judged by what they are, not by what they are called."""

from .check import ACCEPT, ALLOWED, KINDS, WORDS, Checked, check, limit_words
from .problem import NO_ROOM, BadFile

__all__ = ["ACCEPT", "ALLOWED", "KINDS", "NO_ROOM", "WORDS", "BadFile", "Checked", "check", "limit_words"]
