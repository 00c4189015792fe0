"""The training script: its recipes match what ships, and it still trains."""

import json
from pathlib import Path

import numpy as np
import pytest

from relu_theory.data import train, trained
from relu_theory.network import ReluNetwork

RECIPES = {recipe.name: recipe for recipe in train.RECIPES}


def test_every_recipe_ships_and_nothing_else() -> None:
    assert tuple(RECIPES) == trained.names()
    for name, recipe in RECIPES.items():
        info = trained.load(name)[2]
        assert info["hidden"] == list(recipe.hidden)
        assert (info["dataset"], info["seed"]) == (recipe.dataset, recipe.seed)
        assert len(info["inputs"]) == len(recipe.columns or range(recipe.components))


def test_outward_box_contains_the_points() -> None:
    x = np.array([[0.29, -1e-9], [0.3, 7.0]])
    assert train.outward_box(x) == {"lower": ["0.28", "-0.01"], "upper": ["0.30", "7.00"]}


@pytest.mark.parametrize("name", ["iris4", "wine3", "diabetes2"])
def test_inputs_are_standardised_and_in_the_box(name: str) -> None:
    pytest.importorskip("sklearn")
    x, y, inputs = train.prepare(RECIPES[name])
    _, box, info = trained.load(name)
    assert (len(x), x.shape[1], inputs) == (info["points"], box.dim, info["inputs"])
    np.testing.assert_allclose(
        [x.mean(axis=0), x.std(axis=0)], [[0] * box.dim, [1] * box.dim], atol=1e-9
    )
    assert all(box.contains(point) for point in x.tolist())
    assert len(y) == len(x)


def test_training_again_gives_as_good_a_network(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    entry, sample = train.train(RECIPES["iris2"], tmp_path)
    _, _, info = trained.load("iris2")
    assert entry["train_score"] == pytest.approx(info["train_score"], abs=0.03)
    assert entry["box"] == info["box"]
    assert json.loads(json.dumps(sample)) == sample
    net = ReluNetwork.load(tmp_path / "iris2.json")
    assert (net.input_dim, net.widths, net.output_dim) == (2, (24, 24, 24), 3)
