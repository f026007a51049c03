"""What the figures were measured on: without it no figure means anything."""

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any


def flush_ms(folder: Path, times: int = 200) -> float:
    """The median milliseconds of one flush (`fdatasync`) of 8 kB to the disk that holds the database."""
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(b"x" * 8_192)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 3)


def describe(folder: Path) -> dict[str, Any]:
    """Processor, cores, memory, load, and the disk's flush time."""
    model = "unknown"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "flush_ms": flush_ms(folder),
    }
