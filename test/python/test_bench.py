"""The benchmark's own judgement: which answers are equal, which bars are kept, what the picture shows."""

import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from answers import difference, read_answer
from bars import find_bars
from measure import BenchmarkError, Measurement, measure, median
from plot import draw

ROWS = "2024-01-01 00:00:00,DE,fuel,3,30.00,10.000000,5.00,15.00\n2024-01-08,US,books,1,2.5,2.5,2.5,2.5\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_answers_are_equal_whatever_their_order_header_and_precision(tmp_path: Path) -> None:
    header = "week,country,category,transactions,revenue,average,least,most\n"
    left = read_answer(write(tmp_path / "left.csv", header + ROWS))
    doubles = (
        '"2024-01-08","US","books",1,2.5000000001,2.5,2.5,2.5\n2024-01-01,DE,fuel,3,29.999999999,10.0000004,5,15\n'
    )
    assert difference(left, read_answer(write(tmp_path / "right.csv", doubles))) is None
    assert left[("2024-01-08", "US", "books")].revenue == Decimal("2.50")


def test_an_answer_may_be_a_folder_of_parts(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for index, line in enumerate(ROWS.splitlines(keepends=True)):
        write(folder / f"part-{index}.csv", line)
    write(folder / "_SUCCESS", "")
    assert read_answer(folder) == read_answer(write(tmp_path / "one.csv", ROWS))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("30.00,", "30.01,", "30.01"),
        ("10.000000", "10.000100", "10.000100"),
        (",3,", ",4,", "transactions=4"),
        ("US", "GB", "GB"),
        ("15.00", "15.01", "15.01"),
    ],
)
def test_the_first_difference_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    left = read_answer(write(tmp_path / "left.csv", ROWS))
    differs = difference(left, read_answer(write(tmp_path / "right.csv", ROWS.replace(old, new, 1))))
    assert differs is not None
    assert said in differs


def test_a_group_must_not_come_twice(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        read_answer(write(tmp_path / "answer.csv", ROWS + ROWS))


def test_bars_take_the_best_peer_of_each_quantity() -> None:
    medians = {
        "Quell": Measurement(1.0, 2.0, 100),
        "Quell on S3": Measurement(2.0, 2.5, 100),
        "floor": Measurement(0.8, 1.6, 60),
        "A": Measurement(2.0, 10.0, 500),
        "B": Measurement(4.0, 5.0, 300),
    }
    bars = {bar.what: bar for bar in find_bars(medians, ["A", "B"], 31.0)}
    assert bars["CPU over the floor"].measured == pytest.approx(1.25)
    assert bars["CPU over the best peer"].measured == pytest.approx(0.4)
    assert bars["wall time over the best peer"].measured == pytest.approx(0.5)
    assert bars["CPU on S3 over local"].measured == pytest.approx(1.25)
    kept = {what for what, bar in bars.items() if bar.kept}
    assert kept == {"CPU over the floor", "CPU on S3 over local", "peak memory in MiB"}


def test_each_quantity_has_its_own_median() -> None:
    assert median([Measurement(1, 6, 2), Measurement(2, 4, 3), Measurement(3, 5, 1)]) == Measurement(2, 5, 2)


def test_measures_what_a_whole_process_used(tmp_path: Path) -> None:
    work = "import time; a = bytearray(80 << 20); t = time.process_time()\n"
    work += "while time.process_time() - t < 0.2: pass\nprint(7)"
    used = measure([sys.executable, "-c", work], tmp_path / "output.txt")
    assert (tmp_path / "output.txt").read_text() == "7\n"
    assert 0.2 <= used.cpu_s < 2
    assert used.wall_s >= 0.2
    assert 80 < used.peak_mib < 300


def test_the_peak_is_not_that_of_the_process_that_measures(tmp_path: Path) -> None:
    held = bytearray(b"1") * (400 << 20)
    used = measure([sys.executable, "-c", "pass"], tmp_path / "output.txt")
    assert len(held) > used.peak_mib * (1 << 20) > 0


def test_a_failed_process_ends_the_benchmark_with_its_message(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="exit code 3: out of luck"):
        measure(
            [sys.executable, "-c", "import sys; print('out of luck', file=sys.stderr); sys.exit(3)"], tmp_path / "o"
        )


def test_the_picture_has_a_bar_for_each_contestant_and_quantity() -> None:
    names = ["Quell", "floor", "A"]
    contestants = [
        {"name": name, "version": "1", "median": {"wall_s": index + 1.0, "cpu_s": index + 2.0, "peak_mib": 100.0}}
        for index, name in enumerate(names)
    ]
    machine = {"processor": "some <processor>", "cores": 2, "memory_gib": 8}
    picture = draw({"rows": 5_000_000, "runs": 3, "contestants": contestants, "machine": machine})
    assert picture.startswith("<svg")
    assert len(re.findall(r'<rect x="', picture)) == 9
    assert "some &lt;processor&gt;" in picture
    assert "5,000,000" in picture
