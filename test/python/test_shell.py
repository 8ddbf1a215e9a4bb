"""The command line for people: the shell on a terminal, completion, help, and mistakes that are told early."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from quell_command import TIMEOUT_S, quell_path

CTRL_C = "\x03"
CTRL_D = "\x04"
UP = "\x1b[A"
BACKSPACE = "\x7f"
PROMPT = "quell> "
LONG_STATEMENT = "SELECT count(*) FROM range(1000000000000) WHERE id % 7 = 3;\n"


class Shell:
    """`quell` on a terminal of its own."""

    def __init__(self, home: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            environment = os.environ | {"HOME": str(home), "TERM": "xterm", "LC_ALL": "C"}
            os.execve(quell_path(), [str(quell_path())], environment)
        self.wait_for(PROMPT)
        self.threads_at_prompt = self.count_threads()

    def count_threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def wait_for(self, text: str) -> str:
        """What came until `text`, which is part of it."""
        output = self.read_until(text, TIMEOUT_S)
        assert text in output
        return output

    def read_until(self, text: str, timeout_s: float) -> str:
        """What came until `text`, or until the time is over."""
        output = b""
        deadline = time.monotonic() + timeout_s
        while text.encode() not in output and time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.1)[0]:
                output += os.read(self.terminal, 4096)
        return output.decode()

    def type(self, text: str, until: str = PROMPT) -> str:
        os.write(self.terminal, text.encode())
        return self.wait_for(until)

    def start(self, statement: str) -> None:
        """Returns when the statement's threads run."""
        os.write(self.terminal, statement.encode())
        deadline = time.monotonic() + TIMEOUT_S
        while self.count_threads() == self.threads_at_prompt:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def wait_until_keys_are_read(self) -> None:
        """The prompt is there a moment before; until then it is the terminal that gives Ctrl-D its meaning."""
        deadline = time.monotonic() + TIMEOUT_S
        while termios.tcgetattr(self.terminal)[3] & termios.ICANON:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self, text: str = "") -> int:
        os.write(self.terminal, text.encode())
        pid, self.pid = self.pid, 0
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.end()
        os.close(self.terminal)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with closing(Shell(tmp_path)) as shell:
        yield shell


def cells(output: str) -> list[str]:
    """The cells of the first column of the table that was printed."""
    return [line.split("|")[1].strip() for line in output.splitlines() if line.startswith("|")]


def test_a_statement_may_have_several_lines_and_comes_back_from_the_history(shell: Shell, tmp_path: Path) -> None:
    shell.type("SELECT 41 + 1 AS answer\n", until="     > ")
    assert cells(shell.type(";\n")) == ["answer", "42"]
    assert cells(shell.type(UP + "\n")) == ["answer", "42"]
    assert shell.end("quit\n") == 0
    with closing(Shell(tmp_path)) as again:
        assert cells(again.type(UP + "\n")) == ["answer", "42"]
        again.wait_until_keys_are_read()
        assert again.end(CTRL_D) == 0


def test_characters_beyond_ascii_are_kept_and_erased_as_a_whole(shell: Shell) -> None:
    assert cells(shell.type(f"SELECT 'Zürich √ 東京x{BACKSPACE}{BACKSPACE}' AS place;\n")) == ["place", "Zürich √ 東"]
    assert shell.end("quit\n") == 0


def test_ctrl_c_drops_what_was_typed_and_the_shell_goes_on(shell: Shell) -> None:
    shell.type("SELECT 'not clo" + CTRL_C)
    shell.type("SELECT 1,\n", until="     > ")
    shell.type(CTRL_C)
    assert cells(shell.type("SELECT 2 AS two;\n")) == ["two", "2"]
    assert shell.end("quit\n") == 0


def test_ctrl_c_ends_the_statement_that_runs_and_the_shell_goes_on(shell: Shell) -> None:
    for _ in range(2):
        shell.start(LONG_STATEMENT)
        assert "cancelled" in shell.type(CTRL_C)
    assert cells(shell.type("SELECT 2 AS two;\n")) == ["two", "2"]
    assert shell.end("quit\n") == 0


def test_ctrl_c_at_any_time_leaves_the_shell_alive(shell: Shell) -> None:
    """Between reading and running, and between a statement and the next, too."""
    for n in range(60):
        os.write(shell.terminal, b"SELECT 1; SELECT 2;\n")
        time.sleep(n % 20 / 10_000)
        os.kill(shell.pid, signal.SIGINT)
        answer = f"| {n:8} |"
        seen = ""
        # What is typed before the shell has looked at the signal may be dropped with the line, so it is typed again.
        for _ in range(TIMEOUT_S):
            os.write(shell.terminal, f"\nSELECT {n} AS survived;\n".encode())
            if answer in (seen := shell.read_until(answer, 1)):
                break
        assert answer in seen
    assert shell.end("quit\n") == 0


def test_sigterm_ends_the_shell_with_its_statement(shell: Shell) -> None:
    shell.start(LONG_STATEMENT)
    os.kill(shell.pid, signal.SIGTERM)
    assert shell.end() == 128 + signal.SIGTERM


def test_a_resized_terminal_and_a_stopped_shell_go_on(shell: Shell) -> None:
    shell.type("SELECT 4", until="4")
    for _ in range(2):
        fcntl.ioctl(shell.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 90, 0, 0))
        os.kill(shell.pid, signal.SIGWINCH)
        os.kill(shell.pid, signal.SIGSTOP)
        os.kill(shell.pid, signal.SIGCONT)
    shell.type("2 AS answer;\n", until="|     42 |")
    assert shell.end("quit\n") == 0


def test_a_shell_that_is_killed_keeps_its_history(shell: Shell, tmp_path: Path) -> None:
    shell.type("SELECT 7;\n")
    os.kill(shell.pid, signal.SIGKILL)
    assert shell.end() == -signal.SIGKILL
    assert "7;" in (tmp_path / ".quell_history").read_text()


def printed(*words: str) -> str:
    return subprocess.run([quell_path(), *words], capture_output=True, text=True, check=True).stdout


def completed(*words: str) -> set[str]:
    """What bash offers for the last word."""
    script = printed("completion", "bash")
    quoted = " ".join(f"'{word}'" for word in words)
    script += f'\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _quell; printf "%s\\n" "${{COMPREPLY[@]}}"\n'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd="/")
    return set(done.stdout.split())


def test_completion_offers_what_the_command_takes() -> None:
    assert completed("quell", "d") == {"discover", "datagen", "dagster"}
    assert completed("quell", "--fo") == {"--format"}
    assert completed("quell", "--format", "") == {"table", "tsv", "csv", "json", "arrow"}
    assert completed("quell", "s3", "st") == {"start", "stop", "status"}
    assert completed("quell", "s3", "start", "--po") == {"--port"}
    assert completed("quell", "datagen", "--c") == {"--compression", "--chunk-rows"}
    assert completed("quell", "discover", "--") == {"--json", "--threads", "--help"}


@pytest.mark.parametrize(
    "command", ["", "discover", "datagen", "s3 start", "s3 stop", "s3 status", "validate", "dagster"]
)
def test_completion_knows_each_option_of_a_command(command: str) -> None:
    told = printed(*command.split(), "--help").split("xamples:")[0]
    options = set(re.findall(r"(?<![\w-])--?[A-Za-z][a-z-]*", told)) - {"-h"}
    assert options <= completed("quell", *command.split(), "-")
    zsh, fish = printed("completion", "zsh"), printed("completion", "fish")
    for option in options:
        assert re.search(rf"(['*{{,]){option}['\[,}}]", zsh), option
        name = option.lstrip("-")
        assert re.search(rf"(-l |-s |for option in .*\b){name}\b", fish), option


@pytest.mark.parametrize(("words", "told"), [(["--nonsense"], "--nonsense"), (["discover"], "uri is required")])
def test_a_mistake_on_the_command_line_is_told_in_one_line(words: list[str], told: str) -> None:
    done = subprocess.run([quell_path(), *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    name = " ".join(["quell", *(word for word in words if word.isalpha())])
    assert done.stderr.startswith(f"{name}: ")
    assert told in done.stderr
    assert done.stderr.endswith(f"; {name} --help tells more\n")


def test_help_names_each_command() -> None:
    help_text = printed("--help")
    for command in ("discover", "datagen", "s3", "dagster", "validate", "completion"):
        assert f"  quell {command}" in help_text


def test_a_variable_without_a_value_is_told(tmp_path: Path) -> None:
    (tmp_path / "job.sql").write_text("SELECT '${day}' AS a, '${hivevar:other}' AS b, '${env:NO_SUCH_ONE}' AS c")
    command = [str(quell_path()), "-d", "day=monday", "-f", str(tmp_path / "job.sql")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "monday\t${hivevar:other}\t${env:NO_SUCH_ONE}\n"
    assert done.stderr.splitlines() == [
        "quell: warning: no value for ${env:NO_SUCH_ONE}; set NO_SUCH_ONE in the environment",
        "quell: warning: no value for ${other}; give one with -d other=...",
    ]
    assert subprocess.run([*command, "-S"], capture_output=True, text=True, check=True).stderr == ""


def test_a_report_that_cannot_be_written_stops_the_job_before_it_runs(tmp_path: Path) -> None:
    sql = f"CREATE TABLE delta.`{tmp_path}/t` AS SELECT 1 AS a"
    command = [str(quell_path()), "--report", str(tmp_path / "nowhere" / "report.json"), "-e", sql]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nowhere/report.json: No such file or directory" in done.stderr
    assert not (tmp_path / "t").exists()


def test_a_report_may_go_into_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [str(quell_path()), "--report", str(pipe), "-e", "SELECT 1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        assert '"statements"' in pipe.read_text()
        assert process.wait(TIMEOUT_S) == 0
