"""The error that ends the command early."""

from __future__ import annotations

FAILED = 1
MISUSE = 2


class CommandError(Exception):
    """One line for standard error, and the exit status that goes with it.

    Attributes:
        status: 1 if the input is at fault, 2 if the command line is.
    """

    def __init__(self, message: str, status: int = FAILED) -> None:
        super().__init__(message)
        self.status = status
