"""Filing (填报): long forms as data. An app describes the sections of its form; saving, checking, reading, comparing
and the page on which it is filled in are the same for all.
"""
