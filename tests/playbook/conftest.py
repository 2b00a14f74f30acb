"""What the tests of the tools in the page share."""

import pytest

from liveshop import medium


@pytest.fixture
def in_medium(monkeypatch):
    """Function: what a call shows in a medium ("opening", "book" …), as (plain, rich)."""
    kept = []
    monkeypatch.setattr(medium, "show", lambda plain, rich: kept.append((plain, rich)))

    def show(kind, call):
        monkeypatch.setenv(medium.VARIABLE, kind)
        call()
        return kept[-1]

    return show
