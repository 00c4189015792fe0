"""Settings of the whole suite: the numba cache and the hypothesis profiles.

numba's cache on disk keeps a compiled caller when only a callee in another file changed. Its
folder is therefore named by the content of all kernels, before anything imports numba.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
# The planar kernel counts in the plane, the general one elsewhere.
COMPILE = (
    "from relu_theory import families, regions; regions.count(families.gaussian({}, [3, 2], 0))"
)


def _kernel_fingerprint() -> str:
    digest = sha256()
    for path in sorted((ROOT / "relu_theory" / "_kernels").glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _use_own_numba_cache() -> None:
    if "numba" in sys.modules:
        raise RuntimeError("numba was imported before NUMBA_CACHE_DIR was set; check the plugins")
    base = Path(os.environ.get("NUMBA_CACHE_DIR", ROOT / ".numba_cache"))
    name = _kernel_fingerprint()
    # A worker of pytest-xdist inherits the folder that was set here.
    os.environ["NUMBA_CACHE_DIR"] = str(base if base.name == name else base / name)


def _register_profiles() -> None:
    # The first call of a kernel compiles it, so no example has a deadline.
    common = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
    settings.register_profile("dev", max_examples=50, **common)
    settings.register_profile("ci", max_examples=200, derandomize=True, **common)
    settings.register_profile("thorough", max_examples=5000, print_blob=True, **common)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile both kernels side by side before the workers start and each would do it."""
    is_worker = hasattr(session.config, "workerinput")
    compiled = Path(os.environ["NUMBA_CACHE_DIR"]).exists()
    if is_worker or compiled or not session.config.getoption("tx", None):
        return
    runs = [subprocess.Popen([sys.executable, "-c", COMPILE.format(d)], cwd=ROOT) for d in (2, 3)]
    for run in runs:
        run.wait()


_use_own_numba_cache()
_register_profiles()
