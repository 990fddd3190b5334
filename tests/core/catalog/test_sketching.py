import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.sketching import WIDTH, principal_axes, sketch


@given(
    seed=st.integers(0, 1000),
    size=st.integers(0, 40),
    dimensions=st.integers(1, 30),
    flat=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_the_product_of_short_forms_is_never_below_that_of_the_vectors(
    seed: int, size: int, dimensions: int, flat: bool
) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(size, dimensions)) * (0 if flat else 1 / np.sqrt(dimensions))
    taste = rng.normal(size=(1, dimensions))
    axes = principal_axes(vectors, WIDTH)

    bounds = sketch(axes, taste)[:, 0] @ sketch(axes, vectors)

    assert bounds.shape == (size,)
    assert (bounds >= vectors @ taste[0] - 1e-5).all()


def test_vectors_within_the_axes_are_bounded_exactly() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(50, WIDTH)) @ rng.normal(size=(WIDTH, 20))
    taste = rng.normal(size=(1, 20))
    axes = principal_axes(vectors, WIDTH)

    short = sketch(axes, vectors)

    assert np.abs(short[-1]).max() < 1e-5
    assert np.abs(sketch(axes, taste)[:-1, 0] @ short[:-1] - vectors @ taste[0]).max() < 1e-4


def test_the_axes_leave_less_over_than_any_others() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(500, 20)) * np.linspace(3, 0.1, 20)
    other, _ = np.linalg.qr(rng.normal(size=(20, WIDTH)))

    best, worse = (sketch(axes, vectors)[-1] for axes in (principal_axes(vectors, WIDTH), other))

    assert (best**2).sum() < (worse**2).sum()
