"""The frame around the figure modules: find them, run them from their seed, write the files."""

import importlib
import inspect
import json
import pkgutil
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from relu_theory.errors import InvalidInput
from relu_theory.figures._gallery import write_gallery
from relu_theory.theorems.plain import digest

__all__ = ["Rendered", "caption", "figure", "names", "regenerate", "showing", "theorems_of"]

FORMATS = ("pdf", "png", "svg")
MANIFEST = "MANIFEST.json"
_PACKAGE = "relu_theory.figures"
_SIZE = (6.4, 4.2)
_DPI = 160
# A date in the file would make every regeneration differ.
_UNDATED = {
    "pdf": {"CreationDate": None, "ModDate": None},
    "png": {"Software": None},
    "svg": {"Date": None},
}
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "relu_theory",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "path.simplify": False,
}


@dataclass(frozen=True)
class Rendered:
    """One regenerated figure: its name, its files and the record that the manifest keeps."""

    name: str
    files: tuple[Path, ...]
    record: Mapping[str, Any]


def names() -> list[str]:
    """Names of all figures, sorted: the modules of this package without a leading underscore.

    Examples
    --------
    >>> "folding" in names()
    True
    """
    package = importlib.import_module(_PACKAGE)
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def showing(theorem: str) -> list[str]:
    """Names of the figures that show a theorem, from the ``THEOREMS`` of each figure.

    Examples
    --------
    >>> showing("pauli2021_couplings.couplings_prove_too_much")
    ['unsound_bounds']
    """
    return [name for name in names() if theorem in theorems_of(name)]


def theorems_of(name: str) -> tuple[str, ...]:
    """Names of the theorems that a figure shows; none for an illustration."""
    return tuple(getattr(_module(name), "THEOREMS", ()))


def caption(name: str) -> str:
    """The caption of a figure: the first line of its docstring."""
    return (inspect.getdoc(_module(name)) or "").split("\n", 1)[0]


def figure(name: str, fast: bool = False) -> tuple[Any, Any]:
    """Compute and draw one figure.

    Parameters
    ----------
    name : str
        One of `names`.
    fast : bool
        Ask the figure for its smaller version.

    Returns
    -------
    fig : matplotlib.figure.Figure
    data : object
        What ``data(rng, fast)`` of the figure returned.

    Raises
    ------
    InvalidInput
        When no figure has this name.
    """
    module = _module(name)
    data = module.data(np.random.default_rng(_seed(module)), fast)
    return _drawn(module, data), data


def regenerate(
    wanted: Iterable[str] | None = None,
    out: str | Path = "figures",
    fast: bool = False,
    formats: Iterable[str] = FORMATS,
    report: Callable[[str], None] | None = None,
    jobs: int = 1,
) -> list[Rendered]:
    """Write figures to a folder, with manifest and gallery; the same data gives the same bytes.

    Parameters
    ----------
    wanted : iterable of str, optional
        Names of figures; all of them by default.
    out : path
        Folder, made when absent. Its ``MANIFEST.json`` and its gallery ``README.md`` keep the
        entries of figures not asked for.
    fast : bool
    formats : iterable of str
        Of ``"pdf"``, ``"png"``, ``"svg"``.
    report : callable, optional
        Called with the name of each figure when it is drawn.
    jobs : int
        Processes; each figure is computed in one of them.

    Raises
    ------
    InvalidInput
        For an unknown figure or format, or less than one job, before anything is written.
    """
    wanted = names() if wanted is None else list(wanted)
    formats = list(formats)
    for name in wanted:
        _known("figure", name, names())
    for fmt in formats:
        _known("format", fmt, FORMATS)
    if jobs < 1:
        raise InvalidInput(f"jobs must be at least 1, got {jobs}")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for rendered in _all_rendered(wanted, folder, fast, formats, jobs):
        if report is not None:
            report(rendered.name)
        done.append(rendered)
    _write_manifest(folder, done)
    return done


def _all_rendered(
    wanted: list[str], folder: Path, fast: bool, formats: list[str], jobs: int
) -> Iterator[Rendered]:
    if jobs == 1 or len(wanted) < 2:
        yield from (_render(name, folder, fast, formats) for name in wanted)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        try:
            futures = [pool.submit(_render, name, folder, fast, formats) for name in wanted]
            yield from (future.result() for future in futures)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _module(name: str) -> ModuleType:
    _known("figure", name, names())
    return importlib.import_module(f"{_PACKAGE}.{name}")


def _known(what: str, name: str, choices: Iterable[str]) -> None:
    choices = list(choices)
    if name not in choices:
        raise InvalidInput(f"{what} must be one of {', '.join(choices)}, got {name!r}")


def _seed(module: ModuleType) -> int:
    return getattr(module, "SEED", 0)


def _drawn(module: ModuleType, data: Any) -> Any:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        fig = Figure(figsize=getattr(module, "SIZE", _SIZE), layout="constrained")
        FigureCanvasAgg(fig)
        target = list(inspect.signature(module.draw).parameters)[1]
        module.draw(data, fig.add_subplot() if target == "ax" else fig)
    return fig


def _render(name: str, folder: Path, fast: bool, formats: list[str]) -> Rendered:
    import matplotlib

    module = _module(name)
    fig, data = figure(name, fast)
    files = []
    with matplotlib.rc_context(_STYLE):
        for fmt in formats:
            path = folder / f"{name}.{fmt}"
            fig.savefig(path, dpi=_DPI, metadata=_UNDATED[fmt])
            files.append(path)
    record = {
        "caption": caption(name),
        "data_sha256": digest(data),
        "fast": fast,
        "files": [path.name for path in files],
        "seed": _seed(module),
        "theorems": list(theorems_of(name)),
    }
    return Rendered(name, tuple(files), record)


def _write_manifest(folder: Path, done: list[Rendered]) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text()) if path.exists() else {}
    entries = manifest.get("figures", {})
    entries.update({rendered.name: dict(rendered.record) for rendered in done})
    manifest = {"versions": _versions(), "figures": dict(sorted(entries.items()))}
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    write_gallery(folder, manifest["figures"])


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("relu_theory", "matplotlib", "numpy", "numba", "python-flint"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
