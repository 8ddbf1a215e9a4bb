"""./dev bench micro [REGEX] [OPTIONS OF GOOGLE BENCHMARK]: the loops that the main job's time goes to, one by one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    words = sys.argv[1:]
    if words and not words[0].startswith("-"):
        words[0] = f"--benchmark_filter={words[0]}"
    # Configured anew, since a build folder that is there may be without benchmarks.
    configure: list[str] = ["cmake", "--preset", "release", "-DQUELL_BENCHMARKS=ON"]
    if python := os.environ.get("QUELL_PYTHON"):
        configure.append(f"-DQUELL_PYTHON={python}")
    build = [str(ROOT / "scripts" / "build.sh"), "release", "quell_bench"]
    for step in ([str(ROOT / "scripts" / "setup.sh"), "engine"], configure, build):
        done = subprocess.run(step, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"bench: quell_bench cannot be built:\n{(done.stdout + done.stderr)[-2000:]}", file=sys.stderr)
            return 1
    return subprocess.run([ROOT / "build" / "release" / "quell_bench", *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
