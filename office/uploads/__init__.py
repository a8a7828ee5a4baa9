"""Uploads are judged by what they are, not by what they are called."""

from .check import ACCEPT, ACCEPT_PICTURES, ALLOWED, KINDS, WORDS, Checked, check, limit_words
from .problem import NO_ROOM, BadFile

__all__ = [
    "ACCEPT",
    "ACCEPT_PICTURES",
    "ALLOWED",
    "KINDS",
    "NO_ROOM",
    "WORDS",
    "BadFile",
    "Checked",
    "check",
    "limit_words",
]
