"""The trained networks that ship: shapes, exactness, accuracy, region counts."""

import subprocess
import sys
from operator import mul

import numpy as np
import pytest

from relu_theory import regions
from relu_theory.data import trained
from relu_theory.errors import InvalidInput

REGIONS = {
    "iris2": 596,
    "iris4": 3485,
    "wine3": 913,
    "breast_cancer2": 331,
    "breast_cancer5": 6162,
    "diabetes2": 1027,
    "diabetes6": 26702,
    "digits2": 1445,
    "digits3": 2111,
    "digits4": 38397,
}
PLANAR = [name for name in REGIONS if name.endswith("2")]


@pytest.mark.parametrize("name", trained.names())
def test_shapes_and_boxes(name: str) -> None:
    net, box, info = trained.load(name)
    assert net.input_dim == box.dim == len(info["inputs"])
    assert 2 <= net.input_dim <= 6
    assert 2 <= net.depth <= 4
    assert list(net.widths) == info["hidden"]
    assert net.output_dim == info["outputs"]
    assert net.float_exact
    points, targets = trained.sample(name)
    assert points.shape == (min(150, info["points"]), box.dim)
    assert len(targets) == len(points)
    assert all(box.contains([str(x) for x in point]) for point in points.tolist())


@pytest.mark.parametrize("name", trained.names())
def test_the_network_predicts_its_sample(name: str) -> None:
    net, _, info = trained.load(name)
    points, targets = trained.sample(name)
    out = net.forward(points)
    if info["task"] == "regression":
        score = 1 - np.square(out[:, 0] - targets).sum() / np.square(targets - targets.mean()).sum()
    else:
        labels = out[:, 0] > 0 if net.output_dim == 1 else out.argmax(axis=1)
        score = np.mean(labels == targets)
    assert score == pytest.approx(info["train_score"], abs=0.1)


@pytest.mark.parametrize("name", trained.names())
def test_region_counts(name: str) -> None:
    net, box, _ = trained.load(name)
    assert regions.count(net, box) == REGIONS[name]


def check_volumes(name: str) -> None:
    net, box, _ = trained.load(name)
    volumes = [cell.volume() for cell in regions.cells(net, box)]
    assert len(volumes) == REGIONS[name]
    assert min(volumes) > 0
    assert sum(volumes) == box.volume()


@pytest.mark.parametrize("name", PLANAR)
def test_the_cells_fill_the_box(name: str) -> None:
    check_volumes(name)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["wine3", "iris4", "digits3"])
def test_the_cells_fill_the_box_in_space(name: str) -> None:
    check_volumes(name)


@pytest.mark.parametrize("name", ["breast_cancer5", "diabetes6", "digits4"])
def test_random_points_lie_in_listed_cells(name: str) -> None:
    net, box, _ = trained.load(name)
    patterns = {sum(cell.pattern, ()) for cell in regions.cells(net, box)}
    assert len(patterns) == REGIONS[name]
    rng = np.random.default_rng(0)
    ends = (np.array(end, dtype=np.float64) for end in (box.lower, box.upper))
    points = rng.uniform(*ends, size=(20_000, box.dim))
    signs = np.concatenate(net.preactivations(points), axis=1) > 0
    assert {tuple(row) for row in signs.tolist()} <= patterns


@pytest.mark.heavy
def test_the_cells_close_up() -> None:
    # Cells that share every facet outside the boundary of the box leave no gap in it.
    net, box, _ = trained.load("breast_cancer5")
    graph = regions.dual_graph(net, box)
    assert graph.number_of_nodes() == REGIONS["breast_cancer5"]
    for _, boundary in graph.nodes(data="boundary"):
        for facet in boundary:
            assert any(all(sum(map(mul, row, g)) == 0 for g in facet) for row in box.halfspaces())


def test_entries_are_copies() -> None:
    trained.load("iris2")[2]["box"]["lower"][0] = "7"
    assert trained.load("iris2")[1].contains([0, 0])


def test_unknown_name() -> None:
    for call in (trained.load, trained.sample):
        with pytest.raises(InvalidInput, match=r"name must be one of iris2, .*; got 'mnist'"):
            call("mnist")


def test_loading_needs_no_scikit_learn() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "from relu_theory.data import trained; print(*map(len, map(trained.load, trained.names())))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3"] * len(trained.names())
