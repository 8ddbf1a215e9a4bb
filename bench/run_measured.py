"""Runs a command and writes what it used: `run_measured.py USAGE_FILE COMMAND...`, its exit code that of the command.

A program's own process, and a small one: Linux counts the resident pages of the process that starts a command as the
command's own peak, so a program that holds much cannot measure what it starts.
"""

import json
import os
import sys
import time
from pathlib import Path


def main() -> int:
    usage_file, *command = sys.argv[1:]
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    wall_s = time.perf_counter() - started
    used = {"wall_s": wall_s, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": usage.ru_maxrss / 1024}
    Path(usage_file).write_text(json.dumps(used))
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
