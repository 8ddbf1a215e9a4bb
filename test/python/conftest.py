"""Servers that the tests of several modules share."""

from collections.abc import Iterator

import pytest
from spark import connect_server


@pytest.fixture(scope="session")
def spark_connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Spark Connect server with delta-spark."""
    with connect_server(tmp_path_factory.mktemp("spark_connect")) as address:
        yield address
