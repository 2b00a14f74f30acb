"""Real data that tests hold methods against; they are not part of the course."""

import os
from pathlib import Path

import pytest


def real_file(name: str) -> Path:
    """The file in the folder that LIVESHOP_REAL_DATA names; the test is skipped without it."""
    path = Path(os.environ.get("LIVESHOP_REAL_DATA") or "") / name
    if not path.is_file():
        pytest.skip(f"LIVESHOP_REAL_DATA names no folder with {name}")
    return path
