"""Certificates of shattering: made here, checked by `relu_theory.vc.check_shattering`."""

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
from relu_theory.vc import check_shattering as checker
from relu_theory.vc.concepts import ConceptClass

__all__ = [
    "ShatteringCertificate",
    "finite_certificate",
    "load_certificate",
    "refutation_certificate",
    "shattering_certificate",
]


class ShatteringCertificate(StoredCertificate):
    """A proof about shattering that needs nothing but the standard library to be checked.

    Parameters
    ----------
    data : dict
        The JSON object whose format `relu_theory.vc.check_shattering` describes; it is not checked
        before `check`.
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
        try:
            proved: dict[str, Any] = checker.check(self.data)  # type: ignore[no-untyped-call]
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
    architecture: Any, points: Sequence[Sequence[Any]], witnesses: Mapping[Any, Any]
) -> ShatteringCertificate:
    """The certificate that the points are shattered: parameters for every labeling."""
    proof = {
        _word(labeling): [list(found.signs), [str(t) for t in found.theta]]
        for labeling, found in witnesses.items()
    }
    return _certificate("shattered", _about(architecture, points), proof)


def refutation_certificate(
    architecture: Any, points: Sequence[Sequence[Any]], labeling: Sequence[bool], refutation: Any
) -> ShatteringCertificate:
    """The certificate that one labeling does not occur."""
    statement = {**_about(architecture, points), "labeling": _word(labeling)}
    return _certificate("refuted", statement, list(refutation.trees))


def _certificate(kind: str, statement: dict[str, Any], proof: Any) -> ShatteringCertificate:
    return ShatteringCertificate(
        {"format": checker.FORMAT, "kind": kind, "statement": statement, "proof": proof}
    )


def _about(architecture: Any, points: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {
        "architecture": architecture.to_dict(),
        "points": [[str(v) for v in point] for point in points],
    }


def _word(labeling: Sequence[bool]) -> str:
    return "".join("1" if one else "0" for one in labeling)
