"""What this process takes of the machine."""

from pathlib import Path


def rss_bytes() -> int:
    """Resident memory; where the system tells only the highest so far, that; 0 where it tells nothing."""
    try:
        import resource  # noqa: PLC0415  # Not on Windows.
    except ImportError:
        return 0
    statm = Path("/proc/self/statm")  # Linux.
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
