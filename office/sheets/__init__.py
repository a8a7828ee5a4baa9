"""Excel as people keep it: read into clean rows, written without surprises."""

from .reading import ROW_NUMBER, Column, Table, read_table
from .safety import BadSheet
from .text import compact, full_date, month, person_name, place_name, plain, yes
from .writing import download, download_book, write_book, write_sheet

__all__ = [
    "ROW_NUMBER",
    "BadSheet",
    "Column",
    "Table",
    "compact",
    "download",
    "download_book",
    "full_date",
    "month",
    "person_name",
    "place_name",
    "plain",
    "read_table",
    "write_book",
    "write_sheet",
    "yes",
]
