"""Proofs of integral identities: a list of steps, each an exact equality that was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from relu_theory.certificate import Verdict

__all__ = ["Proof", "Step"]


@dataclass(frozen=True)
class Step:
    """One equality of exact objects.

    Attributes
    ----------
    claim : str
        What is equal, in words or LaTeX.
    computed, predicted : object
        Rationals, PiNumbers, polynomials or exponential polynomials; equality is decided.
    """

    claim: str
    computed: Any
    predicted: Any

    @property
    def holds(self) -> bool:
        """Whether both sides are the same exact object."""
        return bool(self.computed == self.predicted)


@dataclass(frozen=True)
class Proof:
    """The steps that together prove a representation, and the argument that joins them.

    Attributes
    ----------
    argument : str
        How the identity follows from the steps.
    steps : tuple of Step
    """

    argument: str
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, argument: str, steps: Iterable[Step]) -> Proof:
        """A proof from any iterable of steps."""
        return cls(argument, tuple(steps))

    @property
    def verdict(self) -> Verdict:
        """HOLDS when every step does, and FAILS when one does not (or there are none)."""
        good = bool(self.steps) and all(step.holds for step in self.steps)
        return Verdict.HOLDS if good else Verdict.FAILS

    @property
    def failures(self) -> tuple[Step, ...]:
        """The steps that do not hold."""
        return tuple(step for step in self.steps if not step.holds)

    def __repr__(self) -> str:
        return f"<Proof: {len(self.steps)} exact steps, {self.verdict.name}>"
