"""A question to a subject, and how its answers are judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from relu_theory.domain import Box, Polyhedron
from relu_theory.errors import TooLarge, Undecided
from relu_theory.testing.report import Row

__all__ = ["Judgement", "Question", "place", "spell"]

#: Whether the answers are right, what was expected, and what is wrong.
Judgement = tuple[bool, str, str]


@dataclass(frozen=True)
class Question:
    """One property of one case.

    Attributes
    ----------
    subject : {"count_regions", "lipschitz", "bounds"}
    name, case : str
    calls : sequence of tuples
        The arguments with which the subject is called, once for each.
    judge : callable
        From all answers to a `Judgement`.
    """

    subject: str
    name: str
    case: str
    calls: Sequence[tuple[Any, ...]]
    judge: Callable[..., Judgement]

    def ask(self, subject: Callable[..., Any]) -> Row:
        """Call the subject and judge what it returns.

        Examples
        --------
        >>> from relu_theory import ReluNetwork
        >>> net, box = ReluNetwork([[[1]]], [[0]]), Box(0, 1, dim=1)
        >>> one = lambda answer: (answer == 1, "1", "more than one")
        >>> question = Question("count_regions", "exact count", "line", [(net, box)], one)
        >>> [question.ask(lambda net, box: n).outcome for n in (1, 2, None)]
        ['passed', 'wrong', 'declined']
        """
        start = time.perf_counter()
        answers: list[Any] = []
        expected, note = "", ""
        try:
            for arguments in self.calls:
                answers.append(subject(*arguments))
        except (NotImplementedError, Undecided, TooLarge) as reason:
            outcome, note = "declined", str(reason)
        except Exception as error:
            outcome, note = "raised", f"{type(error).__name__}: {error}"
        else:
            outcome, expected, note = self._judged(answers)
        shown = ", ".join(map(spell, answers)) if outcome in ("passed", "wrong") else ""
        seconds = time.perf_counter() - start
        return Row(
            self.subject, self.name, self.case, shown, expected, outcome, note, seconds)

    def _judged(self, answers: list[Any]) -> tuple[str, str, str]:
        if any(answer is None or answer is NotImplemented for answer in answers):
            return "declined", "", ""
        right, expected, note = self.judge(*answers)
        return ("passed", expected, "") if right else ("wrong", expected, note)


def place(domain: Polyhedron) -> str:
    """A domain in a few words.

    Examples
    --------
    >>> place(Box(-1, 1, dim=2)), place(Box([0, 0], [1, 2]))
    ('[-1, 1]^2', 'a box in R^2')
    """
    if not isinstance(domain, Box):
        return f"R^{domain.dim}"
    ends = {*zip(domain.lower, domain.upper, strict=True)}
    if len(ends) > 1 or any(len(str(v)) > 8 for pair in ends for v in pair):
        return f"a box in R^{domain.dim}"
    ((low, high),) = ends
    return f"[{low}, {high}]" + (f"^{domain.dim}" if domain.dim > 1 else "")


def spell(value: Any) -> str:
    """An answer as text; fractions with long terms as floats.

    Examples
    --------
    >>> spell(3), spell(Fraction(1, 3)), spell((0.5, [Fraction(1, 2)]))
    ('3', '1/3', '(0.5, (1/2))')
    """
    if isinstance(value, Fraction) and len(str(value)) > 24:
        return _decimal(value)
    if isinstance(value, (tuple, list)) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(items, (tuple, list)):
            return "(" + ", ".join(map(spell, items)) + ")"
        return str(items)
    return str(value)


def _decimal(value: Fraction) -> str:
    try:
        return f"{float(value):.17g}"
    except OverflowError:
        return "a number above the range of floats"
