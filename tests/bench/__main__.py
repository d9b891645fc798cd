"""`python -m bench [NAME…]`: measure, print a table, exit 1 where a claim misses its target by far."""

import sys
import time
from collections.abc import Callable, Sequence

from bench.catalogue import catalogue
from bench.documents import documents
from bench.idle import idle
from bench.place import Place, opened
from bench.reaction import cancel, config
from bench.relay import burst, paced
from bench.roundtrip import roundtrip
from bench.rows import GATE, ROUNDS, Row, table
from bench.stall import stall
from bench.start import memory, start

BENCHMARKS: dict[str, Callable[[Place], list[Row]]] = {
    benchmark.__name__: benchmark
    for benchmark in (
        start,
        memory,
        roundtrip,
        burst,
        paced,
        catalogue,
        documents,
        config,
        cancel,
        stall,
        idle,
    )
}
LEGEND = f"""
Ratios are medians over {ROUNDS} rounds or more, ours and the peer's in turn; times belong to this machine.
ok: within the target. over: up to {GATE} times of it. gate failed: more, and the exit code is 1.
"""


def main(names: Sequence[str]) -> int:
    if unknown := [name for name in names if name not in BENCHMARKS]:
        say(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    if sys.platform != "linux":
        say("the benchmarks ask Linux for the CPU time and the memory of a process; they run nowhere else")
        return 2
    rows: list[Row] = []
    with opened() as place:
        for name in names or BENCHMARKS:
            began_s = time.monotonic()
            rows += BENCHMARKS[name](place)
            print(f"{name}: measured in {time.monotonic() - began_s:.0f} s", file=sys.stderr)  # noqa: T201
    say(f"{table(rows)}\n{LEGEND}")
    return int(any(row.verdict == "gate failed" for row in rows))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


sys.exit(main(sys.argv[1:]))
