"""What is timed: networks by recipe, their domains, and the nanoseconds asked for each region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from relu_theory import Box, ReluNetwork, families
from relu_theory.regions import bounds

__all__ = ["WORKLOADS", "Workload"]


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    Attributes
    ----------
    name, family : str
        Rows of one family of growing size should cost the same for each region.
    make : callable
        Gives a fresh network, so that nothing computed before is found again.
    box : (lower, upper) or None
        None is all of space.
    regions : int, optional
        The count that must come out.
    target : float, optional
        Nanoseconds for each region that are asked for.
    naive : (lower, upper), optional
        The box on which the naive float enumerator, which needs general position, is run.
    small : callable, optional
        A small network of the same kind for the exact oracle.
    like : str
        The generic workload of the same shape, where this one is degenerate.
    slow : bool
        Takes seconds; left out of the quick run.
    """

    name: str
    family: str
    make: Callable[[], ReluNetwork]
    box: tuple | None = (-1, 1)
    regions: int | None = None
    target: float | None = None
    naive: tuple | None = None
    small: Callable[[], ReluNetwork] | None = None
    like: str = ""
    slow: bool = False

    def domain(self, net: ReluNetwork) -> Box | None:
        """The domain for a network of this kind."""
        return None if self.box is None else Box(*self.box, dim=net.input_dim)


def _gaussian(name, inputs, widths, seed, regions, target, small, **options) -> Workload:
    return Workload(
        f"{name}: d={inputs} {widths}, seed {seed}",
        "Gaussian",
        partial(families.gaussian, inputs, widths, seed),
        regions=regions,
        target=target,
        naive=(-1, 1),
        small=None if small is None else partial(families.gaussian, inputs, small, seed),
        **options,
    )


def _integer(name, inputs, widths, like, bound=2, **options) -> Workload:
    return Workload(
        f"{name}: integers d={inputs} {widths}",
        "integer",
        partial(families.random_integer, inputs, widths, 0, bound),
        small=partial(families.random_integer, inputs, [5, 4], 0, bound),
        like=like,
        **options,
    )


def _tents(layers: int) -> Workload:
    return Workload(
        f"tents: L={layers} on [0, 1]^2",
        "tents",
        partial(families.iterated_tent, layers, 2),
        box=(0, 1),
        regions=4**layers,
        naive=(0, 1) if layers <= 8 else None,
        small=partial(families.iterated_tent, 2, 2) if layers == 5 else None,
        like="b0" if layers == 10 else "",
        slow=layers > 9,
    )


def _lines(count: int) -> Workload:
    return Workload(
        f"lines: n={count}",
        "lines",
        partial(families.gaussian_arrangement, count, 2, 0),
        box=None,
        regions=bounds.zaslavsky(count, 2),
        small=partial(families.gaussian_arrangement, 12, 2, 0) if count == 500 else None,
        slow=count > 1000,
    )


def _resonance(dim: int, slow: bool) -> Workload:
    return Workload(
        f"r{dim}: resonance in R^{dim}",
        "resonance",
        partial(families.resonance, dim),
        box=None,
        regions=bounds.resonance(dim),
        small=partial(families.resonance, 3) if dim == 5 else None,
        like="f0",
        slow=slow,
    )


WORKLOADS = (
    _gaussian("a0", 2, [16, 16, 16], 0, 833, None, [6, 6]),
    _gaussian("b0", 2, [64, 64, 64], 0, 13127, 200, None),
    _gaussian("b1", 2, [64, 64, 64], 1, 15563, 200, None),
    _gaussian("w0", 2, [256, 256], 0, 112238, 500, None, slow=True),
    _gaussian("c0", 3, [16, 16], 0, 3134, None, [5, 4]),
    _gaussian("d0", 4, [12, 12], 0, 7136, 500, [5, 3]),
    _gaussian("e0", 5, [10, 10], 0, 13183, 1000, [5, 2]),
    Workload(
        "f0: 30 hyperplanes in R^4",
        "Gaussian",
        partial(families.gaussian_arrangement, 30, 4, 0),
        box=None,
        regions=31931,
        target=500,
        naive=(-1e6, 1e6),
        small=partial(families.gaussian_arrangement, 7, 4, 0),
    ),
    _integer("ib", 2, [64, 64, 64], "b0"),
    _integer("iw", 2, [64, 64, 64], "b0", 100),
    _integer("ic", 3, [16, 16], "c0"),
    _integer("id", 4, [12, 12], "d0"),
    _integer("ie", 5, [10, 10], "e0"),
    _resonance(5, slow=False),
    _resonance(6, slow=True),
    *(_tents(layers) for layers in range(5, 13)),
    *(_lines(count) for count in (500, 1000, 2000, 4500)),
)
