"""What all tests of the methods share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Small matrices: more threads only wait for one another on a busy machine."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
