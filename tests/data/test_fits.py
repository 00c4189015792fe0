"""Networks trained too little, well and too much: what ships, and that the script makes it."""

import numpy as np
import pytest

from relu_theory.data import fits, train_fits
from relu_theory.errors import InvalidInput


@pytest.mark.parametrize("name", fits.NAMES)
def test_scores_are_those_of_the_stored_networks(name: str) -> None:
    found = fits.load(name)
    for stage, net in found.networks.items():
        answers, wanted = net.forward(found.points), found.targets
        if found.classes:
            hits = answers.argmax(axis=1) == wanted
            other = hits[~found.training].mean()
        else:
            rest = wanted[~found.training]
            error = ((answers[~found.training, 0] - rest) ** 2).sum()
            other = 1 - error / ((rest - rest.mean()) ** 2).sum()
        assert round(float(other), 4) == found.scores[stage][1], stage


def test_answers_and_wanted_answers() -> None:
    found = fits.load("iris")
    answers = found.answers(found.networks["trained"])
    assert answers.shape == found.wanted().shape == (150, 3)
    assert np.allclose(answers.sum(axis=1), 1)
    assert (found.wanted().argmax(axis=1) == found.targets).all()
    assert fits.load("diabetes").wanted().shape == (442, 1)


def test_every_recipe_ships_and_bad_names_are_refused() -> None:
    assert tuple(recipe.name for recipe in train_fits.RECIPES) == fits.NAMES
    for recipe in train_fits.RECIPES:
        assert fits.load(recipe.name).networks["trained"].widths == recipe.hidden
    with pytest.raises(InvalidInput, match="name must be one of"):
        fits.load("mnist")


def test_a_recipe_still_trains() -> None:
    pytest.importorskip("sklearn")
    found = train_fits.train(train_fits.RECIPES[0])
    scores = {stage: net["scores"] for stage, net in found["networks"].items()}
    assert scores["over-fitted"][0] == 1
    assert scores["under-fitted"][1] < scores["trained"][1]
    assert np.array_equal(np.array(found["points"]), fits.load("iris").points)
