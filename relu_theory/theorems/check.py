"""A theorem as a value: its statement, where it comes from, and a check of each instance.

The check compares two numbers, what was *computed* from the network and what the theorem
*predicts*, by the relation that the theorem claims between them, and says in which arithmetic.
"""

import inspect
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from relu_theory.certificate import Verdict
from relu_theory.errors import InvalidInput, TooLarge, Undecided

__all__ = ["MARKS", "RELATIONS", "Check", "Instance", "Measured", "Theorem", "decide", "theorem"]

RELATIONS = ("==", "<=", ">=")

#: How the statement was established here; a derived result is never presented as the paper's.
MARKS = {
    "read": "read in the source itself",
    "reconstructed": "rebuilt from the proof or a summary; the displayed formula was not read",
    "known": "classical; re-derived and checked numerically here, not transcribed from the paper",
    "derived": "proved or measured here; not a statement of the paper",
}


@dataclass(frozen=True)
class Instance:
    """One case of a theorem: a description and the arguments of its check."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """What the body of a theorem returns.

    Attributes
    ----------
    computed, predicted : int, Fraction, str or bracket
        ``computed`` may be a bracket, any object with ``lower`` and ``upper``.
    certificate : object, optional
        Evidence that can be checked again.
    """

    computed: Any
    predicted: Any
    certificate: Any = None


@dataclass(frozen=True)
class Check:
    """One row of the ledger: one theorem on one instance.

    Attributes
    ----------
    theorem, instance : str
    computed, predicted : object
    relation : str
        ``"=="`` where equality is proved, ``"<="`` or ``">="`` where a bound is:
        computed, relation, predicted.
    arithmetic : str
    verdict : Verdict
    certificate : object or None
    seconds : float
    note : str
        Why the verdict is UNDECIDED, when it is.
    file : str
        Name of the file of the certificate, where it was written.
    """

    theorem: str
    instance: str
    computed: Any
    predicted: Any
    relation: str
    arithmetic: str
    verdict: Verdict
    certificate: Any
    seconds: float
    note: str = ""
    file: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON values; exact numbers are strings; the certificate is named."""
        return {
            "theorem": self.theorem,
            "instance": self.instance,
            "computed": show(self.computed),
            "relation": self.relation,
            "predicted": show(self.predicted),
            "arithmetic": self.arithmetic,
            "verdict": self.verdict.name,
            "certificate": _named(self.certificate),
            "seconds": round(self.seconds, 6),
            "note": self.note,
            "file": self.file,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> "Check":
        """The row that `to_dict` wrote; its numbers are text, its certificate is a name."""
        return cls(**{**row, "verdict": Verdict[row["verdict"]]})


@dataclass(frozen=True)
class Theorem:
    """A theorem that can be checked.

    Attributes
    ----------
    name : str
        ``module.function``.
    statement, latex : str
        In words and in formulas.
    paper, arxiv, number : str
        Reference key, arXiv id ("" when there is none), number in the paper ("" when not checked).
    mark : str
        A key of `MARKS`.
    relation, arithmetic : str
    hypotheses : str
        What the statement assumes.
    """

    name: str
    statement: str
    latex: str
    paper: str
    arxiv: str
    number: str
    mark: str
    relation: str
    arithmetic: str
    hypotheses: str
    _body: Callable[..., Measured] = field(repr=False)
    _instances: Callable[[bool], Iterable[Instance]] = field(repr=False)
    _seeded: Callable[[int], Instance] | None = field(default=None, repr=False)
    _heavier: Callable[[], Iterable[Instance]] | None = field(default=None, repr=False)

    @property
    def has_seeds(self) -> bool:
        """Whether any number of further instances can be drawn."""
        return self._seeded is not None

    def instances(self, quick: bool = False) -> Iterator[Instance]:
        """The cases that the ledger checks, fewer and smaller ones when ``quick``."""
        return iter(self._instances(quick))

    def seeded(self, seeds: Iterable[int]) -> Iterator[Instance]:
        """One further case for each seed, the same one whenever it is drawn; none without seeds."""
        return iter(()) if self._seeded is None else map(self._seeded, seeds)

    def heavier(self) -> Iterator[Instance]:
        """The cases that take minutes."""
        return iter(() if self._heavier is None else self._heavier())

    def check(self, instance: Instance) -> Check:
        """Check one instance, from the ledger or one's own.

        The arguments of an instance are those of the function that states the theorem. An answer
        that is only bracketed, or too large to be finished, leaves the verdict UNDECIDED.
        """
        start = time.perf_counter()
        note = ""
        try:
            measured = self._body(**instance.arguments)
        except (Undecided, TooLarge) as error:
            measured, note = Measured(getattr(error, "bracket", None), None), str(error)
        verdict = decide(measured.computed, self.relation, measured.predicted)
        return Check(
            self.name,
            instance.name,
            measured.computed,
            measured.predicted,
            self.relation,
            self.arithmetic,
            verdict,
            measured.certificate,
            time.perf_counter() - start,
            note,
        )


def theorem(
    *,
    statement: str,
    latex: str,
    paper: str,
    mark: str,
    relation: str,
    instances: Callable[[bool], Iterable[Instance]],
    arxiv: str = "",
    number: str = "",
    arithmetic: str = "exact",
    hypotheses: str = "",
    seeded: Callable[[int], Instance] | None = None,
    heavier: Callable[[], Iterable[Instance]] | None = None,
) -> Callable[[Callable[..., Measured]], Theorem]:
    """Decorator that turns a function returning `Measured` into a `Theorem`.

    Parameters
    ----------
    instances : callable
        From ``quick`` to the cases of a default run.
    seeded : callable, optional
        From a seed to one further case, for runs of any length.
    heavier : callable, optional
        Cases of minutes, for thorough runs.
    statement, latex, paper, mark, relation, arxiv, number, arithmetic, hypotheses : str
        See `Theorem`.

    Raises
    ------
    InvalidInput
        For a mark or a relation that does not exist.
    """
    _one_of("mark", mark, MARKS)
    _one_of("relation", relation, RELATIONS)

    def wrap(body: Callable[..., Measured]) -> Theorem:
        name = f"{body.__module__.rsplit('.', 1)[-1]}.{body.__name__}"
        made = Theorem(
            name,
            statement,
            latex,
            paper,
            arxiv,
            number,
            mark,
            relation,
            arithmetic,
            hypotheses,
            body,
            instances,
            seeded,
            heavier,
        )
        # doctest and help() look for these three, and a Theorem is frozen.
        for attribute, value in (
            ("__doc__", inspect.getdoc(body)),
            ("__module__", body.__module__),
            ("__wrapped__", body),
        ):
            object.__setattr__(made, attribute, value)
        return made

    return wrap


def decide(computed: Any, relation: str, predicted: Any) -> Verdict:
    """Whether ``computed relation predicted``, when ``computed`` may be a bracket.

    Examples
    --------
    >>> decide(4, "<=", 4).name, decide(5, "==", 4).name, decide(None, "==", 4).name
    ('HOLDS', 'FAILS', 'UNDECIDED')
    """
    _one_of("relation", relation, RELATIONS)
    if computed is None or predicted is None:
        return Verdict.UNDECIDED
    if not hasattr(computed, "lower") or isinstance(computed, str):
        return _compare(computed, computed, relation, predicted)
    return _compare(computed.lower, computed.upper, relation, predicted)


def show(value: Any) -> Any:
    """A JSON value for an exact number, a bracket or text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, list):
        return [show(part) for part in value]
    if isinstance(value, tuple):
        return f"({', '.join(str(show(part)) for part in value)})"
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return [show(value.lower), show(value.upper)]
    return str(value)


def _named(certificate: Any) -> str | None:
    if certificate is None or isinstance(certificate, str):
        return certificate
    return type(certificate).__name__


def _compare(lower: Any, upper: Any, relation: str, predicted: Any) -> Verdict:
    holds, fails = {
        "<=": (upper <= predicted, lower > predicted),
        ">=": (lower >= predicted, upper < predicted),
        "==": (lower == upper == predicted, lower > predicted or upper < predicted),
    }[relation]
    if holds:
        return Verdict.HOLDS
    return Verdict.FAILS if fails else Verdict.UNDECIDED


def _one_of(name: str, value: str, choices: Iterable[str]) -> None:
    if value not in choices:
        raise InvalidInput(f"{name} must be one of {', '.join(choices)}, got {value!r}")
