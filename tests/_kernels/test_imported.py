"""Entry files of the kernels name the content of the kernel files that they import.

numba's cache on disk looks only at the file of the cached function: without this, a changed helper
would leave a stale, silently wrong entry on every machine that ran the version before.
"""

from hashlib import sha256
from pathlib import Path

import pytest

from relu_theory._kernels import cells, planar

FOLDER = Path(cells.__file__).parent
HELPERS = ("arithmetic", "chords", "cones", "layout", "rows", "sections")
ENTRIES = ("cells", "planar")
# These import no other kernel file.
ALONE = (
    "dmoc", "multipliers", "orientations", "reachability", "realise", "scaling", "shattering",
    "zero_sums",
)


def fingerprint() -> str:
    content = b"".join((FOLDER / f"{name}.py").read_bytes() for name in HELPERS)
    return sha256(content).hexdigest()[:16]


@pytest.mark.parametrize("entry", [cells, planar])
def test_entry_names_its_imports(entry):
    assert fingerprint() == entry.IMPORTED, f"set IMPORTED in {entry.__name__} to {fingerprint()!r}"


def test_every_kernel_file_is_covered():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert files == {*HELPERS, *ENTRIES, *ALONE}
