"""Certificates of ledger rows as files, as their own checkers read them where they have one."""

import json
from pathlib import Path
from typing import Any

from relu_theory.theorems.plain import plain

__all__ = ["save_evidence"]

_GZIP = b"\x1f\x8b"


def save_evidence(certificate: Any, stem: Path) -> Path:
    """Write a certificate beside a stem and return the file.

    A certificate with a method ``save`` writes itself; one with ``data`` is that JSON, which the
    checker of its room reads; of any other proof the parts are written as exact text.

    Parameters
    ----------
    certificate : object
    stem : path
        Folder and name without suffix; the folder is made when absent.

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile
    >>> from fractions import Fraction
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_evidence({"witness": [Fraction(1, 3)]}, Path(folder) / "row").read_text()
    '{"kind": "dict", "proof": {"witness": ["1/3"]}}'
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    path = stem.with_name(f"{stem.name}.json")
    if hasattr(certificate, "save"):
        certificate.save(path)
        packed = path.read_bytes()[:2] == _GZIP
        return path.rename(path.with_name(f"{path.name}.gz")) if packed else path
    data = getattr(certificate, "data", None)
    if data is None:
        data = {"kind": type(certificate).__name__, "proof": plain(certificate, strict=False)}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
