"""What the machine says of a process."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def peak_memory(process: int | None = None) -> float | None:
    """Return the most memory this process, or another one, ever had, in megabytes, where the system tells.

    What :func:`resource.getrusage` says counts on Linux what the parent had when it started this process, so the
    kernel's own figure for the program is preferred.
    """
    status = Path(f"/proc/{process or 'self'}/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) * 1.024 / 1000, 1)
    if process is not None:
        return None
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1.024 / 1000, 1)
