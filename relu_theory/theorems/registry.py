"""The registry: every theorem of this package, found by walking it, and where its parts are."""

import ast
import importlib
import inspect
import pkgutil
from functools import cache
from pathlib import Path

from relu_theory.errors import InvalidInput
from relu_theory.theorems.check import Theorem

__all__ = ["find", "location", "papers", "rooms", "where_tested", "theorems"]

_PACKAGE = "relu_theory.theorems"
_ROOMS = {"regions", "lipschitz", "vc", "integral", "relaxation", "sparse"}


@cache
def theorems() -> tuple[Theorem, ...]:
    """Every theorem of the package, by module and then in the order of the source.

    Examples
    --------
    >>> "zaslavsky1975_arrangements.general_position" in [t.name for t in theorems()]
    True
    """
    package = importlib.import_module(_PACKAGE)
    found = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{_PACKAGE}.{info.name}")
        stated = [t for t in vars(module).values() if isinstance(t, Theorem)]
        found += [t for t in stated if t.name.startswith(f"{info.name}.")]
    return tuple(found)


def papers() -> list[str]:
    """Reference keys of the papers in the ledger, sorted."""
    return sorted({t.paper for t in theorems()})


def find(name: str) -> Theorem:
    """The theorem of this name; the part after the dot is enough where it is the only one.

    Raises
    ------
    InvalidInput
        When there is none, or more than one.

    Examples
    --------
    >>> find("braid") is find("zaslavsky1975_arrangements.braid")
    True
    """
    found = [t for t in theorems() if name in (t.name, t.name.split(".")[1])]
    if len(found) == 1:
        return found[0]
    close = [t.name for t in found or theorems() if name.lower() in t.name]
    hint = f"did you mean {', '.join(close)}" if close else "`relu-theory list` prints them all"
    raise InvalidInput(f"theorem must be the name of one theorem, got {name!r}; {hint}")


def location(stated: Theorem) -> tuple[Path, int]:
    """The file of a theorem and the line of its first decorator.

    Examples
    --------
    >>> path, line = location(find("braid"))
    >>> path.name
    'zaslavsky1975_arrangements.py'
    """
    body = inspect.unwrap(stated)  # type: ignore[arg-type]
    _, line = inspect.getsourcelines(body)
    return Path(inspect.getfile(body)), line


def rooms(stated: Theorem) -> list[str]:
    """The rooms of the package that the file of a theorem uses, in the order of the alphabet.

    Examples
    --------
    >>> rooms(find("braid"))
    ['regions']
    """
    tree = ast.parse(location(stated)[0].read_text(encoding="utf-8"))
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("relu_theory"):
            inside = (node.module or "").split(".")[1:2]
            used |= set(inside or [alias.name for alias in node.names])
    return sorted(used & _ROOMS)


def where_tested(stated: Theorem) -> list[str]:
    """Where a theorem is tested in the repository: its own test, then those of its rooms.

    Examples
    --------
    >>> where_tested(find("braid"))[0]
    'tests/theorems/test_ledger.py::test_quick_instances_hold[zaslavsky1975_arrangements.braid]'
    """
    own = f"tests/theorems/test_ledger.py::test_quick_instances_hold[{stated.name}]"
    return [own, *(f"tests/{room}/" for room in rooms(stated))]
