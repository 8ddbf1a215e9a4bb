"""How programs that were built with a sanitizer are run."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRESETS = ("asan", "tsan")


def environment() -> dict[str, str]:
    """The environment of such a program. Each finding ends it."""
    # addr2line comes with the compiler's linker; LLVM's symbolizer would be another package. Suppressions need it, too,
    # since they name functions.
    symbolizer = shutil.which("addr2line")
    if symbolizer is None:
        sys.exit("addr2line is missing: ./dev setup sanitizers")
    common = f"external_symbolizer_path={symbolizer}:halt_on_error=1"
    suppressions = ROOT / "test" / "tsan_suppressions.txt"
    return os.environ | {
        "ASAN_OPTIONS": f"{common}:check_initialization_order=1:strict_string_checks=1",
        "UBSAN_OPTIONS": f"{common}:print_stacktrace=1",
        "TSAN_OPTIONS": f"{common}:second_deadlock_stack=1:suppressions={suppressions}",
        # From malloc, where each buffer has its own end that the sanitizers watch; Arrow's own pools have none.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
