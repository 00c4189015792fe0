"""The order of imports, the length of modules, and what importing the package loads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "relu_theory"
MODULES = sorted(PACKAGE.rglob("*.py"))

LEVELS = {
    "errors": 0,
    "progress": 0,
    "exact": 1,
    "_kernels": 1,
    "affine": 2,
    "network_algebra": 2,
    "network_io": 2,
    "network_values": 2,
    "network": 2,
    "domain": 2,
    "certificate": 2,
    "check_certificate": 2,
    "cpwl": 2,
    "intervals": 2,
    "families": 2,
    "data": 2,
    "regions": 3,
    "lipschitz": 4,
    "vc": 4,
    "integral": 4,
    "relaxation": 4,
    "sparse": 4,
    "interop": 5,
    "plotting": 5,
    "testing": 6,
    "theorems": 6,
    "figures": 7,
    "acasxu": 7,
    "report": 8,
    "cli": 8,
    "__main__": 9,
}
SIBLINGS = {"lipschitz", "vc", "integral", "relaxation", "sparse", "interop", "plotting"}
MAY_USE_THE_EDGE = {"interop", "plotting", "figures", "acasxu", "cli"}
OUTSIDE_OF_KERNELS = {"numba", "numpy"}
LONGEST = 400
LONGER_BY_NEED = {
    "_kernels/cells.py": "the functions of one machine share a file, which numba's cache watches; "
    "it keeps a stale caller when only a callee in another file changed",
    "_kernels/planar.py": "likewise",
}
"""Kernel files (relative to the package) over the limit, with the reason."""


def name_of(path: Path) -> str:
    """The room of a module: the first part of its path in the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Absolute names of everything that a module imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT).parts[: -node.level]
    return ".".join([*package, node.module or ""]).rstrip(".")


def rooms_used(path: Path) -> set[str]:
    names = (name.split(".") for name in imported(path))
    return {parts[1] for parts in names if parts[0] == "relu_theory" and len(parts) > 1}


@pytest.fixture(params=MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def module(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_imports_point_downwards(module: Path) -> None:
    room = name_of(module)
    if room == "__init__":
        return
    for used in rooms_used(module) - {room, "__version__"}:
        assert used in LEVELS, f"{room} imports {used}, which has no level; add it to LEVELS"
        assert LEVELS[used] <= LEVELS[room], f"{room} imports {used}, which is above it"
        assert not {room, used} <= SIBLINGS, f"{room} imports its sibling {used}"


def test_the_core_does_not_import_the_edge(module: Path) -> None:
    if name_of(module) not in MAY_USE_THE_EDGE | {"__init__", "__main__"}:
        assert not rooms_used(module) & {"interop", "plotting", "cli"}


def test_kernels_stand_alone(module: Path) -> None:
    room = name_of(module)
    if room == "_kernels":
        outside = {name.split(".")[0] for name in imported(module)} - sys.stdlib_module_names
        assert outside - {"relu_theory"} <= OUTSIDE_OF_KERNELS
        assert rooms_used(module) <= {"_kernels"}
    else:
        assert "numba" not in {name.split(".")[0] for name in imported(module)}


def test_exact_arithmetic_stays_below(module: Path) -> None:
    if name_of(module) == "exact":
        assert rooms_used(module) <= {"errors", "exact"}


def test_modules_are_short(module: Path) -> None:
    name = module.relative_to(PACKAGE).as_posix()
    if name not in LONGER_BY_NEED:
        length = len(module.read_text(encoding="utf-8").splitlines())
        assert length <= LONGEST, f"{name} has {length} lines; split it by concept"


def test_only_kernels_are_excused_from_the_limit() -> None:
    for name in LONGER_BY_NEED:
        assert name.startswith("_kernels/")
        length = len((PACKAGE / name).read_text(encoding="utf-8").splitlines())
        assert length > LONGEST, f"{name} needs no excuse any more"


def test_import_is_light() -> None:
    heavy = ("cvxpy", "sympy", "matplotlib", "scipy.optimize", "torch")
    code = f"import relu_theory, sys; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
    assert result.stderr == ""


def test_public_names_exist() -> None:
    code = "import relu_theory as rt; [getattr(rt, n) for n in rt.__all__]; print(len(rt.__all__))"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 0


def test_import_is_quick() -> None:
    code = (
        "import time; start = time.process_time(); import relu_theory; "
        "print(time.process_time() - start)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for _ in range(5)
    ]
    assert min(float(run.stdout) for run in runs) < 0.5


def test_a_missing_room_is_an_attribute_error() -> None:
    import relu_theory

    with pytest.raises(AttributeError, match="has no attribute 'no_such_room'"):
        _ = relu_theory.no_such_room
