"""How the tests draw: the same cases on every machine and in every run, and no deadline for one of them."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "consortia",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.load_profile("consortia")


@pytest.fixture(scope="module")
def nothing_is_small() -> Iterator[None]:
    """Keep ``auto`` from answering small programs without the tree and the rounds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consortia.solvers.auto._quick", lambda compiled, request: None)
        patch.setattr("consortia.solvers.course._LOOK", 0.0)
        yield
