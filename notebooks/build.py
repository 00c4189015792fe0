"""Run the notebooks: each percent-format source becomes the executed .ipynb beside it.

    python notebooks/build.py [NAME ...] [--check]

A NAME is the beginning of a file name, such as 03; without one all are run. The result depends on
the source and on the versions of the libraries only: no times, random identifiers or folders are
stored. With --check nothing is written, and the exit status says whether anything would change.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
# Cell 1 is the same cell after each run.
_ID = "cell-{:02d}"


def sources(names: Sequence[str] = ()) -> list[Path]:
    """The sources, in order; only those whose names begin with one of the given ones."""
    found = sorted(HERE.glob("[0-9][0-9]_*.py"))
    return [path for path in found if not names or path.stem.startswith(tuple(names))]


def build(path: Path) -> str:
    """The executed notebook of a source, as the text of its .ipynb."""
    import jupytext
    import nbformat
    from nbclient import NotebookClient

    notebook = jupytext.read(path)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=600, kernel_name="python3", record_timing=False,
            extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": folder}})
        client.execute(env=_environment())
    _settle(notebook)
    return nbformat.writes(notebook) + "\n"


def _environment() -> dict[str, str]:
    """The environment of the kernel: this copy of the package, whatever is installed."""
    paths = [str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _settle(notebook: Any) -> None:
    """Leave nothing in the notebook that another run would change."""
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["jupytext"] = {"formats": "ipynb,py:percent"}
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = _ID.format(number)
        cell["metadata"] = {}
        if cell.cell_type == "code":
            cell["outputs"] = _joined(cell.outputs)


def _joined(outputs: Sequence[Any]) -> list[Any]:
    """Outputs with neighbouring pieces of one stream put together: they arrive as they may."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
        if "image/png" in output.get("data", {}):
            output.data["image/png"] = _small(output.data["image/png"])
    return joined


def _small(picture: str) -> str:
    """The same picture in 256 colours: a third of the size, and no difference that one sees."""
    from PIL import Image

    pixels = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    small = io.BytesIO()
    pixels.quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return base64.b64encode(small.getvalue()).decode("ascii")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what was asked for; 1 when ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="the beginning of a file name")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args(arguments)
    paths = sources(options.names)
    if not paths:
        parser.error(f"no notebook begins with {' or '.join(options.names)}")
    changed = 0
    for path in paths:
        text, target = build(path), path.with_suffix(".ipynb")
        same = target.exists() and target.read_text(encoding="utf-8") == text
        changed += not same
        if not options.check:
            target.write_text(text, encoding="utf-8")
        print(f"{path.stem}: {'unchanged' if same else 'changed'}, {len(text) // 1024} KB")
    return int(options.check and changed > 0)


if __name__ == "__main__":
    sys.exit(main())
