"""Delta tables for tests: the tool `quell_delta_tool`, and a second reading of the log that shares nothing with it."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]


def tool_path() -> Path:
    if binary := os.environ.get("QUELL_BINARY"):
        return Path(binary).parent / "quell_delta_tool"
    return next(
        (path for name in ("release", "dev") if (path := ROOT / "build" / name / "quell_delta_tool").exists()),
        ROOT / "build/release/quell_delta_tool",
    )


@dataclass
class DeltaTool:
    """Runs the tool, with the settings of one store where that is no local disk."""

    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def start(self, *words: str | Path, fault: str = "") -> subprocess.Popen[str]:
        environment = self.environment | ({"QUELL_FAULT": fault} if fault else {})
        pipe = subprocess.PIPE
        command = [str(tool_path()), *(str(word) for word in words)]
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str | Path, fault: str = "") -> subprocess.CompletedProcess[str]:
        process = self.start(*words, fault=fault)
        output, error = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, output, error)

    def must(self, *words: str | Path, fault: str = "") -> list[Json]:
        """The JSON lines that the tool prints."""
        done = self.run(*words, fault=fault)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def dump(self, table: str | Path, *options: str) -> Json:
        return self.must("dump", table, *options)[0]


def replay(commits: list[list[Json]]) -> set[str]:
    """The paths that are active after these commits."""
    active: set[str] = set()
    for actions in commits:
        for action in actions:
            if "remove" in action:
                active.discard(unquote(action["remove"]["path"]))
        for action in actions:
            if "add" in action:
                active.add(unquote(action["add"]["path"]))
    return active


def read_commits(texts: dict[str, str]) -> list[list[Json]]:
    """The actions of each version, from the texts of the files by name. The versions have no gap."""
    names = sorted(name for name in texts if name.endswith(".json") and name[:20].isdigit() and len(name) == 25)
    assert names == [f"{version:020}.json" for version in range(len(names))]
    return [[json.loads(line) for line in texts[name].splitlines()] for name in names]


def local_log(table: Path) -> list[list[Json]]:
    return read_commits({path.name: path.read_text() for path in (table / "_delta_log").glob("*.json")})


def tags_of(commits: list[list[Json]]) -> list[str]:
    """What `quell_delta_tool write` says of each file that was added."""
    return [action["add"]["tags"]["commit"] for actions in commits for action in actions if "add" in action]


def active_tags(snapshot: Json) -> set[str]:
    return {file["tags"]["commit"] for file in snapshot["files"]}
