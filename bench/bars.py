"""What the engine promises against the floor and the best peer, and whether a run kept it."""

from collections.abc import Mapping
from dataclasses import dataclass

from measure import Measurement

CPU_OVER_FLOOR = 1.5
CPU_OVER_BEST_PEER = 0.35
WALL_OVER_BEST_PEER = 0.4
PEAK_MIB = 256.0
S3_CPU_OVER_LOCAL = 1.3
STARTUP_MS = 30.0
DISCOVER_S = 5.0  # of 1000 files on the local S3


@dataclass(frozen=True)
class Bar:
    """A measured value and the most that it may be."""

    what: str
    measured: float
    most: float

    @property
    def kept(self) -> bool:
        """Whether the value is within the bar."""
        return self.measured <= self.most


def find_bars(
    medians: Mapping[str, Measurement], peers: list[str], startup_ms: float | None, floor: str = "floor"
) -> list[Bar]:
    """The bars that the contestants who took part allow to judge."""
    bars = []
    ours = medians.get("Quell")
    if ours and floor in medians:
        bars.append(Bar("CPU over the floor", ours.cpu_s / medians[floor].cpu_s, CPU_OVER_FLOOR))
    if ours and peers:
        best_cpu = min(medians[peer].cpu_s for peer in peers)
        best_wall = min(medians[peer].wall_s for peer in peers)
        bars.append(Bar("CPU over the best peer", ours.cpu_s / best_cpu, CPU_OVER_BEST_PEER))
        bars.append(Bar("wall time over the best peer", ours.wall_s / best_wall, WALL_OVER_BEST_PEER))
    if ours:
        bars.append(Bar("peak memory in MiB", ours.peak_mib, PEAK_MIB))
    if ours and "Quell on S3" in medians:
        bars.append(Bar("CPU on S3 over local", medians["Quell on S3"].cpu_s / ours.cpu_s, S3_CPU_OVER_LOCAL))
    if startup_ms is not None:
        bars.append(Bar("whole process of SELECT 1 in ms", startup_ms, STARTUP_MS))
    return bars
