"""The errors of relu_theory: one base class, and messages that name the remedy.

Every message names the argument, the requirement, the value received and what to do instead.

    ReluTheoryError
    +-- InvalidInput (also a ValueError)    a value that no question can be asked about
    |   +-- ShapeError                      sizes that do not fit together
    +-- TooLarge                            a limit was reached; ``counted`` holds what was found
    +-- Undecided                           the answer is only known to lie in ``bracket``
    +-- CertificateError                    a certificate does not prove its statement
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "CertificateError",
    "InvalidInput",
    "ReluTheoryError",
    "ShapeError",
    "TooLarge",
    "Undecided",
]


class ReluTheoryError(Exception):
    """Base class of every error that relu_theory raises on purpose."""


class InvalidInput(ReluTheoryError, ValueError):
    """An argument has a value that is not allowed (NaN, an inverted box, a wrong type)."""


class ShapeError(InvalidInput):
    """The sizes of two arguments, or of an argument and the network, do not fit together."""


class TooLarge(ReluTheoryError):
    """A size limit was reached before the answer was complete.

    Attributes
    ----------
    counted : int
        What had been counted when the limit was reached: a lower bound of the answer.
    """

    def __init__(self, message: str, counted: int = 0) -> None:
        super().__init__(message, counted)
        self.counted = counted

    def __str__(self) -> str:
        return str(self.args[0])


class Undecided(ReluTheoryError):
    """The answer could not be decided; it lies in ``bracket``.

    Attributes
    ----------
    bracket : Bracket or None
        The proved lower and upper bounds, when there are any.
    """

    def __init__(self, message: str, bracket: Any = None) -> None:
        super().__init__(message, bracket)
        self.bracket = bracket

    def __str__(self) -> str:
        return str(self.args[0])


class CertificateError(ReluTheoryError):
    """A certificate does not prove its statement, or is about another question."""
