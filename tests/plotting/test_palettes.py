"""Palettes: colours are legal, repeat as promised, and hashing is stable."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from relu_theory.errors import InvalidInput
from relu_theory.plotting.palettes import (
    LAYER_STYLES,
    OKABE_ITO,
    PETROFF10,
    by_hash,
    by_label,
    layer_style,
)


def test_published_colours() -> None:
    assert (len(set(OKABE_ITO)), len(set(PETROFF10))) == (8, 10)
    assert to_rgb(OKABE_ITO[0]) == (86 / 255, 180 / 255, 233 / 255)


@pytest.mark.parametrize("palette", ["okabe_ito", "petroff10"])
def test_labels_get_distinct_light_colours(palette: str) -> None:
    colours = by_label(range(21), palette)
    assert len(np.unique(colours, axis=0)) == 21
    assert colours.min() > 0
    assert colours.max() <= 1


def test_hashes_do_not_depend_on_the_run() -> None:
    colours = by_hash(["010|1", "011|1", "010|1"])
    np.testing.assert_array_equal(colours[0], colours[2])
    assert (colours[0] != colours[1]).any()
    np.testing.assert_array_equal(by_hash(["123456789"]), by_label([0xCBF43926], "petroff10"))


def test_layers_repeat_after_four() -> None:
    assert [layer_style(i) for i in range(4)] == list(LAYER_STYLES)
    assert layer_style(5) == layer_style(1)


def test_unknown_palette() -> None:
    with pytest.raises(InvalidInput, match="palette must be one of okabe_ito, petroff10"):
        by_label([0], "jet")
