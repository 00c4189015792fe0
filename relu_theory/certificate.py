"""Verdicts, brackets, and certificates: how an answer says what is proved and what is not."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from relu_theory import check_certificate as checker
from relu_theory.domain import Box, Polyhedron, Polytope, WholeSpace, resolve
from relu_theory.errors import CertificateError, InvalidInput, Undecided
from relu_theory.exact.numbers import primitive
from relu_theory.network import Pattern, ReluNetwork

__all__ = ["Bracket", "Certificate", "Claim", "Verdict", "load_certificate", "make_statement"]

Rows = Sequence[Sequence[int]]


class Verdict(Enum):
    """What is known about a statement; UNDECIDED is never taken for FAILS.

    Examples
    --------
    >>> Verdict.HOLDS is Verdict.HOLDS
    True
    """

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"

    def __bool__(self) -> bool:
        raise InvalidInput(
            f"{self} has no truth value, since a statement may be undecided; "
            "write `verdict is Verdict.HOLDS`"
        )


@dataclass(frozen=True)
class Bracket:
    """Proved bounds: the answer lies in ``[lower, upper]``.

    Parameters
    ----------
    lower, upper : numbers
        ``math.inf`` where nothing is known above.
    witness : object, optional
        What proves the lower bound, such as a shattered set or a point.
    reason : str
        Where the bounds come from.

    Raises
    ------
    InvalidInput
        When lower exceeds upper.

    Examples
    --------
    >>> Bracket(3, 3).value, 4 in Bracket(3, 5), Bracket(3, 5).is_exact
    (3, True, False)
    """

    lower: Any
    upper: Any
    witness: Any = None
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise InvalidInput(f"lower must not exceed upper, got {self.lower} > {self.upper}")

    @property
    def is_exact(self) -> bool:
        """Whether both bounds agree."""
        return bool(self.lower == self.upper)

    @property
    def value(self) -> Any:
        """The answer, if the bounds agree.

        Raises
        ------
        Undecided
            Otherwise; it carries the bracket.
        """
        if not self.is_exact:
            message = f"the answer is only known to lie in [{self.lower}, {self.upper}]"
            raise Undecided(f"{message}; read .lower and .upper", self)
        return self.lower

    def __contains__(self, number: Any) -> bool:
        return bool(self.lower <= number <= self.upper)


class Claim(NamedTuple):
    """There are exactly ``count`` proper activation regions, with these patterns."""

    # A field hides the method of tuples of this name, which nobody needs of a pair.
    count: int  # type: ignore[assignment]
    patterns: tuple[Pattern, ...]


class StoredCertificate:
    """A certificate as a JSON object, with the file that holds it.

    Parameters
    ----------
    data : dict
        It is not checked before `check`.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def save(self, path: str | Path) -> None:
        """Write gzip-compressed JSON; equal certificates give equal files."""
        text = json.dumps(self.data, separators=(",", ":")).encode("ascii")
        Path(path).write_bytes(gzip.compress(text, mtime=0))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.data == other.data

    __hash__ = None  # type: ignore[assignment]


def read_stored(path: str | Path, kind: str) -> dict[str, Any]:
    """The JSON object that a certificate of some kind wrote; CertificateError for anything else."""
    try:
        return json.loads(gzip.decompress(Path(path).read_bytes()))
    except (gzip.BadGzipFile, zlib.error, EOFError, ValueError) as reason:
        raise CertificateError(
            f"{path} is not gzip-compressed JSON ({reason}); write it with {kind}.save"
        ) from reason


class Certificate(StoredCertificate):
    """A proof that a list of the proper activation regions of a network is sound and complete.

    Made by `relu_theory.regions.certify`. The proof, its format, and why it is one are described
    in `relu_theory.check_certificate`, which checks it with nothing but the standard library.

    Parameters
    ----------
    data : dict
        The JSON object of that format; it is not checked before `check`.
    """

    @property
    def _statement(self) -> dict[str, Any]:
        return self.data["statement"]

    @cached_property
    def network(self) -> ReluNetwork:
        """The network that the claim is about."""
        return ReluNetwork(**self._statement["network"])

    @cached_property
    def domain(self) -> Polyhedron:
        """The domain: a WholeSpace, a Box where its rows are those of one, or else a Polytope."""
        return _domain_of(self._statement["domain"])

    @cached_property
    def claim(self) -> Claim:
        """The number of regions and their patterns, in the order of the certificate."""
        regions = self._statement["regions"]
        return Claim(regions["count"], tuple(map(self._pattern, regions["patterns"])))

    def _pattern(self, bits: str) -> Pattern:
        ends = accumulate(map(len, self._statement["network"]["biases"][:-1]), initial=0)
        return tuple(tuple(bit == "1" for bit in bits[a:b]) for a, b in pairwise(ends))

    def interior_points(self) -> Iterator[tuple[Pattern, tuple[Fraction, ...]]]:
        """For each region its pattern and an exact point in its interior.

        The point is the sum of the generators (x, w) of the region, with x divided by w.
        """
        proof = self.data["proof"]
        table = [[int(entry, 16) for entry in row] for row in proof["generators"]]
        for pattern, cell in zip(self.claim.patterns, proof["cells"], strict=True):
            *x, w = map(sum, zip(*(table[i] for i in cell), strict=True))
            yield pattern, tuple(Fraction(entry, w) for entry in x)

    def check(self, network: ReluNetwork | None = None, domain: Polyhedron | None = None) -> bool:
        """Verify the proof in exact arithmetic; True, or an error that says what is wrong.

        Parameters
        ----------
        network, domain : optional
            What the caller believes the certificate to be about. A network must have the same
            exact weights, a domain the same rows up to order, positive factors and repetition.

        Raises
        ------
        CertificateError
            When the proof is refused, or is about another network or domain.

        Notes
        -----
        One exact evaluation of the network for each vertex of the regions, then set operations
        linear in the number of faces; see `relu_theory.check_certificate`.
        """
        try:
            statement = checker.check(self.data)
        except checker.Refused as reason:
            raise CertificateError(f"the certificate is refused: {reason}") from reason
        if network is not None and network_part(network) != statement["network"]:
            raise CertificateError(
                "the certificate is about another network; certify this one, or check the "
                "certificate's own with .check()"
            )
        size = statement["domain"]["dimension"]
        if domain is not None and (
            domain.dim != size or domain_part(resolve(domain, size)) != statement["domain"]
        ):
            raise CertificateError(
                f"the certificate is about another domain, {self.domain}; certify this one, or "
                "check the certificate's own with .check()"
            )
        return True

    def __repr__(self) -> str:
        count = self._statement["regions"]["count"]
        return f"<Certificate: exactly {count} proper activation regions on {self.domain}>"


def load_certificate(path: str | Path) -> Certificate:
    """Read a certificate that `Certificate.save` wrote; nothing is checked yet.

    Raises
    ------
    CertificateError
        When the file is not compressed JSON.
    """
    return Certificate(read_stored(path, "Certificate"))


def make_statement(net: ReluNetwork, domain: Polyhedron, patterns: Sequence[str]) -> dict[str, Any]:
    """The statement of the format, with the rows of the domain in canonical form."""
    return {
        "network": network_part(net),
        "domain": domain_part(domain),
        "regions": {"count": len(patterns), "patterns": list(patterns)},
    }


def network_part(net: ReluNetwork) -> dict[str, Any]:
    """Exact weights and biases as strings in lowest terms."""
    return {
        "weights": [[list(map(str, row)) for row in w.table()] for w in net.exact.weights],
        "biases": [list(map(str, b)) for b in net.exact.biases],
    }


def domain_part(domain: Polyhedron) -> dict[str, Any]:
    """Primitive rows, sorted, each once, without those that always hold."""
    inequalities = {primitive(row) for row in domain.halfspaces()}
    equalities = {primitive(row) for row in domain.equalities()}
    return {
        "dimension": domain.dim,
        "inequalities": sorted(list(r) for r in inequalities if any(r[:-1]) or r[-1] < 0),
        "equalities": sorted(map(_leading_positive, filter(any, equalities))),
    }


def _leading_positive(row: Sequence[int]) -> list[int]:
    leading = next(filter(None, row))
    return [entry if leading > 0 else -entry for entry in row]


def _domain_of(part: dict[str, Any]) -> Polyhedron:
    size, rows, equal = part["dimension"], part["inequalities"], part["equalities"]
    if not rows and not equal:
        return WholeSpace(size)
    box = _box_of(size, rows, equal)
    if box is not None and domain_part(box) == part:
        return box
    return Polytope(
        [[-a for a in row[:-1]] for row in rows], [row[-1] for row in rows],
        [row[:-1] for row in equal], [-row[-1] for row in equal],
    )  # fmt: skip


def _box_of(size: int, rows: Rows, equal: Rows) -> Box | None:
    """The box with the ends that the rows give, if each coordinate has both."""
    ends: list[dict[int, Fraction]] = [{}, {}]
    for row in [*rows, *equal, *([-a for a in row] for row in equal)]:
        axis = [i for i, a in enumerate(row[:-1]) if a]
        if len(axis) != 1:
            return None
        ends[row[axis[0]] < 0][axis[0]] = Fraction(-row[-1], row[axis[0]])
    if any(len(side) < size for side in ends) or any(ends[0][i] > ends[1][i] for i in range(size)):
        return None
    lower, upper = ([side[i] for i in range(size)] for side in ends)
    return Box(lower, upper)
