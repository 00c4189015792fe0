"""What a run of the ledger checks: which theorems, on which of their cases."""

from collections.abc import Iterable
from dataclasses import dataclass

from relu_theory.errors import InvalidInput
from relu_theory.theorems.check import Instance, Theorem
from relu_theory.theorems.registry import papers, theorems

__all__ = ["FIRST_SEED", "THOROUGH_SEEDS", "Plan"]

#: Far from the small seeds of the fixed cases.
FIRST_SEED = 10_000
THOROUGH_SEEDS = 5_000


@dataclass(frozen=True)
class Plan:
    """A choice of theorems and of cases of each.

    Attributes
    ----------
    names : tuple of str
        Papers, arXiv ids, files or theorems; none of them is all of the ledger.
    quick : bool
        Fewer and smaller fixed cases.
    instances : int
        Further cases of each theorem that can draw them, one a seed.
    seed : int
        The first of these seeds.
    thorough : bool
        Also the cases that take minutes.
    only : str, optional
        The one case of this name.

    Examples
    --------
    >>> plan = Plan(("sauer1972",), quick=True, instances=2)
    >>> [stated.name for stated in plan.theorems][:2]
    ['sauer1972_growth.sauer', 'sauer1972_growth.pajor']
    >>> [case.name for case in plan.cases(plan.theorems[0])][-1]
    '26 random concepts on 7 points, seed 10001'
    """

    names: tuple[str, ...] = ()
    quick: bool = False
    instances: int = 0
    seed: int = FIRST_SEED
    thorough: bool = False
    only: str | None = None

    def __post_init__(self) -> None:
        for name in ("instances", "seed"):
            if getattr(self, name) < 0:
                raise InvalidInput(f"{name} must be at least 0, got {getattr(self, name)}")

    @property
    def theorems(self) -> tuple[Theorem, ...]:
        """The theorems, in the order of the ledger.

        Raises
        ------
        InvalidInput
            For a name that is none of a paper, an arXiv id, a file or a theorem.
        """
        stated = theorems()
        known = {name for t in stated for name in _names(t)}
        for name in self.names:
            if name not in known:
                raise InvalidInput(
                    f"paper must be one of {', '.join(papers())}, "
                    f"an arXiv id, a file or a theorem of the ledger, got {name!r}"
                )
        return tuple(t for t in stated if not self.names or _names(t) & set(self.names))

    def cases(self, stated: Theorem) -> list[Instance]:
        """The cases of one theorem, each name once."""
        seeds = range(self.seed, self.seed + self.instances)
        found: dict[str, Instance] = {}
        parts: list[Iterable[Instance]] = [stated.instances(self.quick), stated.seeded(seeds)]
        parts += [stated.heavier()] if self.thorough else []
        for part in parts:
            for case in part:
                found.setdefault(case.name, case)
        return [case for case in found.values() if self.only in (None, case.name)]


def _names(stated: Theorem) -> set[str]:
    module = stated.name.split(".")[0]
    return {stated.paper, stated.name, module, *({stated.arxiv} - {""})}
