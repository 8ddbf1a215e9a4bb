"""The engine inside of a Python process: threads, the GIL, forks, asyncio, cancels and the end of the interpreter."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from quell import QuellError, Session, _engine

ROOT = Path(__file__).resolve().parents[2]
ENDLESS = "SELECT id % 7 AS k, count(*) AS n FROM range(1000000000000) GROUP BY 1"
SHORT = "SELECT count(*) AS n, sum(id % 7) AS s FROM range(2000000)"
SHORT_ROWS = [{"n": 2_000_000, "s": sum(i % 7 for i in range(2_000_000))}]


@pytest.fixture
def session() -> Session:
    return Session({"quell.threads": "2"})


def rows_of(session: Session, sql: str = SHORT) -> list[dict[str, int]]:
    rows: list[dict[str, int]] = session.sql(sql).to_arrow().to_pylist()
    return rows


def threads_of_process() -> list[str]:
    return [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]


class Background:
    """Runs a function on a thread, and keeps what became of it."""

    def __init__(self, function: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._function = function
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._function()
        except BaseException as error:
            self.error = error

    def join(self) -> BaseException | None:
        self._thread.join(60)
        assert not self._thread.is_alive(), "the statement does not end"
        return self.error


def wait_until_running(session: Session) -> None:
    deadline = time.monotonic() + 60
    while not session._statements:
        assert time.monotonic() < deadline, "the statement does not start"
        time.sleep(0.005)


def test_threads_share_a_session(session: Session) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: rows_of(session), range(24)))
    assert results == [SHORT_ROWS] * 24


def test_no_thread_is_left_behind_a_statement(session: Session) -> None:
    before = len(threads_of_process())
    rows_of(session)
    assert len(threads_of_process()) <= before


def test_other_python_threads_go_on_while_a_statement_runs(session: Session) -> None:
    running = Background(lambda: session.sql(ENDLESS))
    wait_until_running(session)
    # Each tick needs the GIL; with the GIL held, the first would wait for the end of an endless statement.
    for _ in range(50):
        time.sleep(0.001)
    session.interrupt_all()
    error = running.join()
    assert isinstance(error, QuellError)
    assert error.error_class == "OPERATION_CANCELED"


def test_interrupt_all_leaves_other_sessions_alone(session: Session) -> None:
    other = Session({"quell.threads": "1"})
    running = [Background(lambda: session.sql(ENDLESS)), Background(lambda: session.sql(ENDLESS))]
    beside = Background(lambda: other.sql(ENDLESS))
    wait_until_running(other)
    wait_until_running(session)
    while len(session._statements) < 2:
        time.sleep(0.005)
    session.interrupt_all()
    assert all(isinstance(statement.join(), QuellError) for statement in running)
    assert other._statements
    other.interrupt_all()
    assert isinstance(beside.join(), QuellError)
    assert rows_of(session) == SHORT_ROWS


# A child that was forked ends by os._exit, and by SIGALRM if it hangs.
def child_status(work: Callable[[], bool]) -> int:
    child = os.fork()
    if child == 0:
        # The test runner has a handler of its own, which the child would only wait for.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(60)
        passed = False
        try:
            passed = work()
        finally:
            os._exit(0 if passed else 1)
    _, status = os.waitpid(child, 0)
    return status


def test_a_session_works_on_both_sides_of_a_fork(session: Session) -> None:
    session.set("spark.sql.session.timeZone", "Europe/Berlin")
    session.sql("CREATE TEMPORARY VIEW seven AS SELECT 7 AS n")
    assert rows_of(session) == SHORT_ROWS
    assert child_status(lambda: rows_of(session) == SHORT_ROWS) == 0
    assert child_status(lambda: rows_of(session, "SELECT n FROM seven") == [{"n": 7}]) == 0
    assert child_status(lambda: session.get("spark.sql.session.timeZone") == "Europe/Berlin") == 0
    assert rows_of(session) == SHORT_ROWS


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_child_may_let_a_statement_of_its_parent_go(session: Session, is_taken: bool) -> None:
    statements = [_engine.Statement(session._session, "SELECT 1")]
    if is_taken:
        statements[0].take_result()

    def let_go() -> bool:
        statements.clear()
        return True

    assert child_status(let_go) == 0


@pytest.fixture
def busy_threads(session: Session) -> Iterator[None]:
    """Threads that run one statement after the other, settings, views and all, until the test ends."""
    ended = threading.Event()

    def work(number: int) -> None:
        while not ended.is_set():
            session.sql(f"SET spark.sql.session.timeZone = {('UTC', 'Europe/Berlin')[number % 2]}")
            session.sql(f"CREATE OR REPLACE TEMPORARY VIEW v{number} AS SELECT id FROM range(1000)")
            session.sql(f"SELECT id % 100, count(*), date_trunc('WEEK', now()) FROM v{number} GROUP BY 1, 3 ORDER BY 1")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    yield
    ended.set()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("busy_threads")
def test_a_process_may_fork_while_statements_run(session: Session) -> None:
    statuses = [child_status(lambda: rows_of(session, "SELECT 1 AS n") == [{"n": 1}]) for _ in range(40)]
    assert statuses == [0] * 40


def test_a_process_may_fork_while_files_of_all_formats_are_read(session: Session, tmp_path: Path) -> None:
    """A thread of Arrow's own, or a lock that one holds, would be missing in the child."""
    rows = 100_000
    (tmp_path / "a.csv").write_text("id\n" + "".join(f"{number}\n" for number in range(rows)))
    (tmp_path / "a.json").write_text("".join(f'{{"id":{number}}}\n' for number in range(rows)))
    session.sql(f"CREATE TABLE delta.`{tmp_path}/delta` AS SELECT id FROM range({rows})")
    expected = {
        f"SELECT count(*) AS n FROM csv.`{tmp_path}/a.csv`": rows + 1,
        f"SELECT count(*) AS n FROM json.`{tmp_path}/a.json`": rows,
        f"SELECT count(*) AS n FROM delta.`{tmp_path}/delta`": rows,
        f"SELECT count(*) AS n FROM parquet.`{tmp_path}/delta/*.parquet`": rows,
    }

    def all_are_right() -> bool:
        return all(rows_of(session, sql) == [{"n": number}] for sql, number in expected.items())

    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            assert all_are_right()

    reader = Background(read)
    statuses = [child_status(all_are_right) for _ in range(8)]
    ended.set()
    assert reader.join() is None
    assert statuses == [0] * 8


def test_a_fork_during_a_statement_gives_the_child_the_whole_memory_limit() -> None:
    session = Session({"quell.memory.limit": "300MB", "quell.threads": "1"})
    wide = "SELECT id, count(*) AS n FROM range(1000000000) GROUP BY id"
    running = Background(lambda: session.sql(wide))
    wait_until_running(session)
    time.sleep(0.3)
    sort = "SELECT max(id) AS n FROM (SELECT id FROM range(300000) ORDER BY id % 1000, id)"
    status = child_status(lambda: rows_of(session, sort) == [{"n": 299_999}])
    session.interrupt_all()
    running.join()
    assert status == 0


def count_in_child(number: int) -> int:
    return rows_of(Session(), f"SELECT count(*) AS n FROM range({number})")[0]["n"]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(method: str, session: Session) -> None:
    assert rows_of(session) == SHORT_ROWS
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(count_in_child, [1000, 2000, 3000]) == [1000, 2000, 3000]


def test_asyncio_runs_several_at_once(session: Session) -> None:
    async def main() -> int:
        statements = [session.sql_async(SHORT) for _ in range(4)]
        in_threads = [asyncio.to_thread(rows_of, session) for _ in range(4)]
        results = await asyncio.gather(*statements)
        assert [result.to_arrow().to_pylist() for result in results] == [SHORT_ROWS] * 4
        return sum(rows == SHORT_ROWS for rows in await asyncio.gather(*in_threads))

    assert asyncio.run(main()) == 4


def test_the_loop_goes_on_while_statements_run(session: Session) -> None:
    async def main() -> None:
        task = asyncio.create_task(session.sql_async(ENDLESS))
        for _ in range(50):
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not session._statements

    asyncio.run(main())


def test_a_timeout_of_asyncio_stops_the_engine(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(session.sql_async(ENDLESS), timeout=0.2)
        assert not session._statements

    asyncio.run(main())
    assert rows_of(session) == SHORT_ROWS
    assert not caplog.records


def test_an_error_reaches_a_coroutine(session: Session) -> None:
    async def main() -> None:
        await session.sql_async("SELECT nothing")

    with pytest.raises(QuellError, match="UNRESOLVED_COLUMN"):
        asyncio.run(main())


def python(code: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "python")}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


CTRL_C = f"""
    import sys, threading
    from quell import Session
    from quell import session as module
    session = Session()
    def tell():
        while not session._statements: pass
        print("running", flush=True)
    threading.Thread(target=tell).start()
    try:
        session.sql({ENDLESS!r})
    except KeyboardInterrupt:
        print("interrupted", len(session._statements), len(module._running), flush=True)
        sys.exit(7)
"""


def test_ctrl_c_stops_the_engine_before_it_is_raised() -> None:
    process = python(CTRL_C)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (7, "interrupted 0 0\n"), error


SIGNALS = """
    import signal
    from quell import Session, session as module
    class Stop(Exception): pass
    def stop(*_): raise Stop
    signal.signal(signal.SIGALRM, stop)
    session = Session()
    for n in range(300):
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0001 + n % 30 * 0.00005)
            while True: session.sql("SELECT 1")
        except Stop:
            assert not module._running
    print(session.sql("SELECT 2 AS n").to_arrow().to_pylist())
"""


def test_a_signal_handler_may_raise_at_any_time() -> None:
    process = python(SIGNALS)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "[{'n': 2}]\n"), error


ASYNC_CTRL_C = f"""
    import asyncio
    from quell import Session
    session = Session()
    async def main():
        task = asyncio.create_task(session.sql_async({ENDLESS!r}))
        while not session._statements:
            await asyncio.sleep(0)
        print("running", flush=True)
        await task
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        print("interrupted", len(session._statements), flush=True)
"""


def test_ctrl_c_stops_a_coroutine() -> None:
    process = python(ASYNC_CTRL_C)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "interrupted 0\n"), error


def test_the_interpreter_ends_while_a_daemon_thread_runs_a_statement() -> None:
    process = python(f"""
        import threading
        from quell import Session
        session = Session()
        threading.Thread(target=session.sql, args=({ENDLESS!r},), daemon=True).start()
        while not session._statements: pass
        print("end", flush=True)
    """)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "end\n"), error


def test_the_package_leaves_signal_handlers_alone() -> None:
    caught = """
        mask = int(next(line for line in open("/proc/self/status") if line.startswith("SigCgt")).split()[1], 16)
        print([number for number in range(1, 32) if mask >> (number - 1) & 1])
    """
    with_engine = python("from quell import Session\nSession().sql('SELECT 1')" + textwrap.dedent(caught))
    assert with_engine.communicate(timeout=60) == python(caught).communicate(timeout=60)


def test_a_script_runs_in_order_and_names_the_statement_that_failed(session: Session) -> None:
    results = session.run_script("SELECT ';' AS a; -- ${n}\n\nSELECT ${n} AS b, '${unknown}' AS c;", {"n": "2"})
    rows = [result.to_arrow().to_pylist() for result in results]
    assert rows == [[{"a": ";"}], [{"b": 2, "c": "${unknown}"}]]
    with pytest.raises(QuellError) as caught:
        session.run_script("SELECT 1;\nSELECT 1 / 0;", source="job.sql")
    assert caught.value.__notes__ == ["in job.sql, the statement at line 2"]


def test_what_was_cancelled_is_freed_at_once() -> None:
    process = python(
        """
        import asyncio, quell
        session = quell.Session()
        async def main():
            try:
                text = "SELECT count(*) FROM range(1000000000000) WHERE id % 7 = 3"
                await asyncio.wait_for(session.sql_async(text), 0.2)
            except TimeoutError:
                print("stopped")
        asyncio.run(main())
        """
    )
    out, error = process.communicate(timeout=60)
    # The binding complains of what is alive when the interpreter ends.
    assert (process.returncode, out, error) == (0, "stopped\n", "")
