"""How an upload is refused."""


class BadFile(ValueError):
    """A file that is not taken; its text says why, what to do, and what is allowed, in Chinese."""
