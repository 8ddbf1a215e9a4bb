"""Dagster's page, and questions to it through GraphQL."""

import json
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError

from place import Place, stop, wait_until


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Page:
    """A page that answers."""

    def __init__(self, port: int, module: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.repository = {"repositoryLocationName": module, "repositoryName": "__repository__"}

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            document = json.load(answer)
        assert "errors" not in document, document["errors"]
        return document["data"]

    def answers(self) -> bool:
        try:
            self.get("/server_info")
        except (URLError, ConnectionError):
            return False
        return True

    def runs(self) -> list[dict[str, Any]]:
        """All runs, the first one first."""
        query = "{ runsOrError { ... on Runs { results { id status startTime endTime tags { key value } } } } }"
        runs: list[dict[str, Any]] = self.ask(query)["runsOrError"]["results"]
        for run in runs:
            run["tags"] = {tag["key"]: tag["value"] for tag in run["tags"]}
        return runs[::-1]


@contextmanager
def open_page(place: Place, module: str, *words: str, **environment: str) -> Iterator[Page]:
    """The page that the command `words` opens for the definitions in `module`."""
    port = free_port()
    log = place.home.parent / "page.log"
    process = place.start(*words, str(port), log=log, **environment)
    page = Page(port, module)
    try:
        wait_until(lambda: page.answers() or process.poll() is not None, f"the page opens; {log}")
        assert process.poll() is None, log.read_text()[-3000:]
        yield page
    finally:
        stop(process)


@contextmanager
def open_quell_page(place: Place, **environment: str) -> Iterator[Page]:
    """What `quell dagster` opens."""
    words = [sys.executable, "-m", "quell", "dagster", "--port"]
    with open_page(place, "quell.dagster.definitions", *words, **environment) as page:
        yield page
