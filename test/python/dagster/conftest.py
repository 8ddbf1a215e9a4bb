"""Feeds are made once for all tests; each test gets a place of its own."""

import shutil
from pathlib import Path

import pytest
from place import Place, make_feed


@pytest.fixture(scope="session")
def clean_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds") / "clean"
    make_feed(folder)
    return folder


@pytest.fixture(scope="session")
def dirty_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds") / "dirty"
    make_feed(folder, "--dirty")
    return folder


@pytest.fixture
def empty_place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def place(empty_place: Place, clean_feed: Path) -> Place:
    """A place with a clean feed."""
    shutil.copytree(clean_feed, empty_place.source)
    return empty_place
