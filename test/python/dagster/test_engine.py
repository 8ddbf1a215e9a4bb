"""Where the command and the jobs are found."""

from pathlib import Path

import pytest
from quell.dagster import engine


def program(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty tree, and a path of commands beside it."""
    monkeypatch.delenv("QUELL_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(engine, "_TREE", tmp_path / "tree")
    return tmp_path / "tree"


def test_the_variable_goes_before_the_tree_and_the_tree_before_the_path(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = program(tree.parent / "bin" / "quell", b"\x7fELF")
    assert engine.find_binary() == on_path
    built = program(tree / "build" / "release" / "quell", b"\x7fELF")
    assert engine.find_binary() == built
    monkeypatch.setenv("QUELL_BINARY", "/elsewhere/quell")
    assert engine.find_binary() == "/elsewhere/quell"


def test_the_script_of_the_package_is_not_the_engine(tree: Path) -> None:
    program(tree.parent / "bin" / "quell", b"#!/usr/bin/python3\n")
    with pytest.raises(FileNotFoundError, match="in_process=True"):
        engine.find_binary()


def test_the_job_is_found() -> None:
    assert Path(engine.find_job("weekly_revenue.sql")).read_text().startswith("-- Revenue of completed")
