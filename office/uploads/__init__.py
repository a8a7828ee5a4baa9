"""Uploads are judged by what they are, not by what they are called."""

from .check import ACCEPT, ALLOWED, KINDS, WORDS, Checked, check, limit_words
from .problem import BadFile

__all__ = ["ACCEPT", "ALLOWED", "KINDS", "WORDS", "BadFile", "Checked", "check", "limit_words"]
