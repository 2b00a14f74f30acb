"""What the tests of the engine share: the example exercises' tables, and a page with the example exercises in it."""

import pytest

from example.page import TABLES, page  # noqa: F401 - the fixture page is there for every test
from liveshop import practice


@pytest.fixture(autouse=True)
def example_tables(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    practice.use(TABLES)
    yield
    practice.use(None)
