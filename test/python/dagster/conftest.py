"""Feeds are made once for all tests; each test gets a place of its own."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from place import ENGINE_PYTHON, Place, make_feed


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


@pytest.fixture
def s3_place(place: Place) -> Iterator[Place]:
    """A place whose feed and table are in an object store, the feed a copy of the clean one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    volume = place.home.parent / "volume"
    command = [str(ENGINE_PYTHON), "-m", "quell", "s3"]
    place.environment |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "QUELL_SOURCE": "s3://raw/transactions/",
        "QUELL_TARGET": "s3://lake/weekly_revenue",
    }
    options = ["--volume", str(volume), "--port", str(port), "--bucket", "raw", "--bucket", "lake"]
    subprocess.run([*command, "start", *options], env=place.environment, check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run([*command, "stop", "--volume", str(volume)], env=place.environment, check=True)
