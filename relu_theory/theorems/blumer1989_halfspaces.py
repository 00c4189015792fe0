"""Blumer, Ehrenfeucht, Haussler, Warmuth, *Learnability and the VC dimension* (1989)."""

from collections.abc import Iterator

from relu_theory import vc
from relu_theory.theorems._instances import checked
from relu_theory.theorems.check import Instance, Measured, theorem
from relu_theory.vc import bounds

__all__ = ["halfspaces", "intersections", "polygons"]


def _spaces(quick: bool) -> Iterator[Instance]:
    for d in range(1, 4 if quick else 7):
        yield Instance(f"R^{d}", {"dim": d, "homogeneous": False})
        yield Instance(f"R^{d}, homogeneous", {"dim": d, "homogeneous": True})


@theorem(
    statement="Affine halfspaces of R^d have VC dimension d + 1, homogeneous ones d.",
    latex=r"\mathrm{VC} = d + 1, \quad \mathrm{VC} = d",
    hypotheses="Closed halfspaces of R^d, d >= 1; homogeneous ones have the origin on their "
    "boundary.",
    number="classical; no number read",
    paper="blumer1989",
    mark="known",
    relation="==",
    instances=_spaces,
)
def halfspaces(dim: int, homogeneous: bool) -> Measured:
    """A certified shattered simplex; one point more is refuted on a moment curve.

    Examples
    --------
    >>> halfspaces.check(Instance("", {"dim": 2, "homogeneous": False})).computed.upper
    3
    """
    net = vc.Halfspaces(dim, homogeneous)
    found = vc.dimension(net)
    certificate = checked(found)
    curve = [[t**j for j in range(1, dim + 1)] for t in range(1, found.upper + 2)]
    more = vc.shatters(net, curve)
    checked(more)
    return Measured(found if not more.shattered else None, dim + 1 - homogeneous,
                    certificate)  # fmt: skip


def _parts(quick: bool) -> Iterator[Instance]:
    for k in (1, 2, 3):
        yield Instance(f"k = {k}", {"halfspaces": k})


@theorem(
    statement="Intersections of k halfplanes have VC dimension 2 k + 1 (convex k-gons, k <= 3).",
    latex=r"\mathrm{VC} = 2k + 1",
    hypotheses="Intersections of at most k closed halfplanes, k <= 3 here.",
    number="classical; no number read",
    paper="blumer1989",
    mark="known",
    relation="==",
    instances=_parts,
)
def polygons(halfspaces: int) -> Measured:
    """Points on a parabola are shattered; all orientations of one point more are refuted.

    Examples
    --------
    >>> polygons.check(Instance("", {"halfspaces": 2})).predicted
    5
    """
    return Measured(vc.dimension(vc.Intersections(2, halfspaces), tries=0), 2 * halfspaces + 1)


@theorem(
    statement="Intersections of k halfspaces of R^d have VC dimension at most 2 (d+1) k log2(3k).",
    latex=r"\mathrm{VC} \le 2(d+1)k\log_2(3k)",
    hypotheses="Intersections of at most k halfspaces, k >= 1.",
    paper="blumer1989",
    number="Lemma 3.2.3",
    mark="known",
    relation="<=",
    instances=_parts,
)
def intersections(halfspaces: int) -> Measured:
    """The exact dimension in the plane, against the bound.

    Examples
    --------
    >>> intersections.check(Instance("", {"halfspaces": 1})).predicted
    9
    """
    found = vc.dimension(vc.Intersections(2, halfspaces), tries=0)
    return Measured(found, bounds.blumer_intersections(2, halfspaces))
