"""Values as plain JSON: the one form in which a case, a picture's data or a proof is hashed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory.errors import InvalidInput

__all__ = ["digest", "plain"]


def digest(value: Any, strict: bool = True) -> str:
    """SHA-256 of `plain`, the same on every platform that computes the same values.

    Examples
    --------
    >>> digest({"a": 1, "b": [Fraction(1, 2)]}) == digest({"b": (Fraction(1, 2),), "a": 1})
    True
    """
    text = json.dumps(plain(value, strict), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any, strict: bool = True) -> Any:
    """A value as JSON: numbers as exact text, containers as lists and objects.

    Parameters
    ----------
    value : object
        Numbers, text, arrays, containers, dataclasses, and what has a method ``to_dict``.
    strict : bool
        Refuse what is none of these; else it becomes its ``str``.

    Raises
    ------
    InvalidInput
        For an object whose value cannot be read off.

    Examples
    --------
    >>> plain({"half": Fraction(1, 2), "knots": range(3), "quarter": 0.25})
    {'half': '1/2', 'knots': ['0', '1', '2'], 'quarter': '0x1.0000000000000p-2'}
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, Fraction)):
        return str(value)
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, Enum):
        return value.name
    parts = _parts(value)
    if isinstance(parts, dict):
        return {str(key): plain(part, strict) for key, part in parts.items()}
    if isinstance(parts, list):
        return [plain(part, strict) for part in parts]
    if isinstance(value, np.generic):
        return plain(value.item(), strict)
    if strict:
        raise InvalidInput(
            f"plain values are needed, got {type(value).__name__}; return the numbers"
        )
    return str(value)


def _parts(value: Any) -> dict[Any, Any] | list[Any] | None:
    if hasattr(value, "to_dict"):
        return dict(value.to_dict())
    if is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.ndarray):
        return list(value.tolist())
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return list(value) if isinstance(value, (list, tuple, range)) else None
