"""Makes the pictures of the guide: Dagster's page of weekly_revenue after one run, and its checks.

Needs Chromium (apt-get install chromium) and the environment `dagster`. Run it with the engine's Python:
`.venv/bin/python scripts/screenshot.py`.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parents[1]
DAGSTER_PYTHON = ROOT / ".venvs" / "dagster" / "bin" / "python"
ROWS = 1_000_000
START_SECONDS = 120
# Time of the page's own clock: enough for it to ask for all that it shows.
PAGE_MS = 15_000
PICTURES = {
    "dagster_asset.png": ("/assets/weekly_revenue?view=overview", "1280,1850"),
    "dagster_checks.png": ("/assets/weekly_revenue?view=checks&checkDetail=totals_agree", "1280,640"),
}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except (URLError, ConnectionError):
            time.sleep(0.5)
    sys.exit(f"screenshot: no answer from {url}")


def prepare(folder: Path) -> dict[str, str]:
    """A feed, one run of the main job, and the environment that shows them."""
    home = folder / "home"
    # Else a dialog that greets the newcomer covers the page.
    (home / ".nux").mkdir(parents=True)
    (home / ".nux" / "nux.yaml").write_text("seen: 1\n")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "python"),
        "DAGSTER_HOME": str(home),
        "QUELL_SOURCE": str(folder / "raw"),
        "QUELL_TARGET": str(folder / "lake" / "weekly_revenue"),
        "QUELL_MEMORY_LIMIT": "512MB",
    }
    feed = [sys.executable, "-m", "quell", "datagen", "--rows", str(ROWS), "--to", environment["QUELL_SOURCE"]]
    for command in (feed, [str(DAGSTER_PYTHON), "-m", "quell.dagster.tick"]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"screenshot: {' '.join(command[1:4])} failed: {done.stderr[-500:]}")
    return environment


def take(chromium: str, folder: Path, url: str, size: str, target: Path) -> None:
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}",
        f"--user-data-dir={folder / 'chromium'}", f"--virtual-time-budget={PAGE_MS}", f"--screenshot={target}", url,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    print(f"{target}: {target.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "images", help="folder of the pictures")
    to = parser.parse_args().to.resolve()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("screenshot: no chromium; apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="quell-screenshot-") as name:
        folder = Path(name)
        environment = prepare(folder)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [str(DAGSTER_PYTHON), "-m", "quell", "dagster", "--port", str(port)]
        page = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            wait_for(f"{url}/server_info", page)
            for picture, (path, size) in PICTURES.items():
                take(chromium, folder, url + path, size, to / picture)
        finally:
            page.send_signal(signal.SIGTERM)
            page.wait()


if __name__ == "__main__":
    main()
