"""Certificates of shattering and of dimensions: made here, checked by standalone modules.

These are `relu_theory.vc.check_shattering`, `check_upper` and `check_order_types`,
`check_halfspaces` for Boolean functions of halfspaces, and `check_fat`.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.certificate import StoredCertificate, read_stored
from relu_theory.errors import CertificateError
from relu_theory.vc import (
    check_fat,
    check_halfspaces,
    check_order_types,
    check_shattering,
    check_upper,
)
from relu_theory.vc.concepts import ConceptClass

__all__ = [
    "ShatteringCertificate",
    "deep_certificate",
    "fat_certificate",
    "finite_certificate",
    "halfspace_certificate",
    "load_certificate",
    "refutation_certificate",
    "shattering_certificate",
    "upper_certificate",
]

_CHECKERS: dict[str, Any] = {
    module.FORMAT: module
    for module in (check_fat, check_halfspaces, check_order_types, check_shattering, check_upper)
}


class ShatteringCertificate(StoredCertificate):
    """A proof about shattering that needs nothing but the standard library to be checked.

    Parameters
    ----------
    data : dict
        The JSON object whose format one of the checkers describes; it is not checked before
        `check`.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def check(self, statement: dict[str, Any] | None = None) -> dict[str, Any]:
        """Verify the proof in exact arithmetic; the statement proved, or an error.

        Parameters
        ----------
        statement : dict, optional
            What the caller believes to be proved, as this method of another certificate returns it.

        Raises
        ------
        CertificateError
            When the proof is refused, or proves another statement.
        """
        checker = _CHECKERS.get(str(self.data.get("format")))
        if checker is None:
            raise CertificateError("the certificate is refused: unknown format")
        try:
            proved: dict[str, Any] = checker.check(self.data)
        except checker.Refused as reason:
            raise CertificateError(f"the certificate is refused: {reason}") from reason
        if statement is not None and statement != proved:
            raise CertificateError("the certificate proves another statement; read .check()")
        return proved

    def __repr__(self) -> str:
        return f"<ShatteringCertificate: {self.data.get('kind')}>"


def load_certificate(path: str | Path) -> ShatteringCertificate:
    """Read a certificate that `ShatteringCertificate.save` wrote; nothing is checked yet.

    Raises
    ------
    CertificateError
        When the file is not compressed JSON.
    """
    return ShatteringCertificate(read_stored(path, "ShatteringCertificate"))


def finite_certificate(
    concept_class: ConceptClass,
    shattered: Sequence[int],
    base: NDArray[np.uint8] | None,
    transcript: tuple[list[int], NDArray[np.int32]] | None,
) -> ShatteringCertificate:
    """The certificate of the VC dimension of a finite class."""
    if transcript is not None:
        order, verdicts = transcript
        packed = zlib.compress(verdicts.astype("<i4").tobytes(), 6)
        upper = {
            "method": "search",
            "order": order,
            "verdicts": base64.b64encode(packed).decode("ascii"),
        }
    elif base is not None:
        upper = {"method": "radius", "base": base.tolist()}
    else:
        upper = {"method": "cardinality"}
    statement = {
        "concepts": concept_class.concepts,
        "columns": [
            f"{int.from_bytes(column.tobytes(), 'little'):x}" for column in concept_class.columns()
        ],
        "dimension": len(shattered),
    }
    proof = {"shattered": list(shattered), "upper": upper}
    return _certificate("finite class", statement, proof)


def shattering_certificate(
    architecture: Any, points: Sequence[Sequence[Any]], witnesses: Mapping[Any, Any],
    thresholds: Sequence[Any] | None = None,
) -> ShatteringCertificate:  # fmt: skip
    """The certificate that the points are shattered: parameters for every labeling."""
    proof = {
        _word(labeling): [list(found.signs), [str(t) for t in found.theta]]
        for labeling, found in witnesses.items()
    }
    return _certificate("shattered", _about(architecture, points, thresholds), proof)


def refutation_certificate(
    architecture: Any, points: Sequence[Sequence[Any]], labeling: Sequence[bool], refutation: Any,
    thresholds: Sequence[Any] | None = None,
) -> ShatteringCertificate:  # fmt: skip
    """The certificate that one labeling does not occur."""
    statement = {**_about(architecture, points, thresholds), "labeling": _word(labeling)}
    return _certificate("refuted", statement, list(refutation.trees))


def halfspace_certificate(
    architecture: Any,
    points: Sequence[Sequence[Any]],
    proof: Any,
    labeling: Sequence[bool] | None = None,
) -> ShatteringCertificate:
    """The certificate about a Boolean function of halfspaces: all labelings, or not this one."""
    statement = _about(architecture, points)
    if labeling is None:
        named = {_word(word): found for word, found in proof.items()}
        return _stored(check_halfspaces, "shattered", statement, named)
    statement["labeling"] = _word(labeling)
    return _stored(check_halfspaces, "refuted", statement, proof)


def deep_certificate(
    net: Any, points: Sequence[Sequence[Any]], found: Mapping[Any, Any]
) -> ShatteringCertificate:
    """The certificate that a deep network shatters the points: weights for half the labelings."""
    proof = {
        _word(word): [
            {"weights": [[str(v) for v in row] for row in weight], "biases": list(map(str, bias))}
            for weight, bias in layers
        ]
        for word, layers in found.items()
    }
    return _certificate("shattered", _about(net, points), proof)


def fat_certificate(about: dict[str, Any], proof: Any, shattered: bool) -> ShatteringCertificate:
    """The certificate that points are shattered with a margin, or not."""
    return _stored(check_fat, "fat-shattered" if shattered else "not fat-shattered", about, proof)


def upper_certificate(architecture: Any, end: Any) -> ShatteringCertificate:
    """The certificate of an `relu_theory.vc.upper_ends.UpperEnd`."""
    statement = {"architecture": architecture.to_dict(), "upper": end.bound}
    checker = check_order_types if end.method == "order types" else check_upper
    return _stored(checker, "upper", statement, {"method": end.method, **end.proof()})


def _certificate(kind: str, statement: dict[str, Any], proof: Any) -> ShatteringCertificate:
    return _stored(check_shattering, kind, statement, proof)


def _stored(
    checker: Any, kind: str, statement: dict[str, Any], proof: Any
) -> ShatteringCertificate:
    return ShatteringCertificate(
        {"format": checker.FORMAT, "kind": kind, "statement": statement, "proof": proof}
    )


def _about(
    architecture: Any, points: Sequence[Sequence[Any]], thresholds: Sequence[Any] | None = None
) -> dict[str, Any]:
    about = {
        "architecture": architecture.to_dict(),
        "points": [[str(v) for v in point] for point in points],
    }
    return about if thresholds is None else about | {"thresholds": [str(t) for t in thresholds]}


def _word(labeling: Sequence[bool]) -> str:
    return "".join("1" if one else "0" for one in labeling)
