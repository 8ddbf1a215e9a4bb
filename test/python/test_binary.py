"""Where the `quell` program is found, and that the script of the package hands SQL on to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from quell import binary


def program(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package in an empty tree, and a path of commands beside it."""
    monkeypatch.delenv("QUELL_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    folder = tmp_path / "tree" / "python" / "quell"
    monkeypatch.setattr(binary, "_PACKAGE", folder)
    return folder


def test_the_order_of_places(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = program(tmp_path / "bin" / "quell", b"\x7fELF")
    assert binary.find_binary() == on_path
    built = program(tmp_path / "tree" / "build" / "release" / "quell", b"\x7fELF")
    assert binary.find_binary() == built
    installed = program(package / "bin" / "quell", b"\x7fELF")
    assert binary.find_binary() == installed
    monkeypatch.setenv("QUELL_BINARY", "/elsewhere/quell")
    assert binary.find_binary() == "/elsewhere/quell"


def test_the_script_of_the_package_is_not_the_program(package: Path, tmp_path: Path) -> None:
    assert not package.exists()
    program(tmp_path / "bin" / "quell", b"#!/usr/bin/python3\n")
    with pytest.raises(FileNotFoundError, match="in process"):
        binary.find_binary()


def run_script(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "quell", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)


def test_the_script_runs_sql() -> None:
    done = run_script("-S", "--format", "csv", "-e", "SELECT 6 * 7 AS answer")
    assert (done.returncode, done.stdout, done.stderr) == (0, "answer\n42\n", "")


def test_the_script_hands_on_exit_codes_and_commands() -> None:
    assert run_script("-e", "SELECT 1 / 0").returncode == 1
    assert run_script("nonsense").returncode == 2
    assert "quell discover URI" in run_script("--help").stdout
    assert "transactions" in run_script("datagen", "--help").stdout
