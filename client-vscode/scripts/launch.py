"""Start the daemon that lies beside this file, with the libraries that were made for the Python that runs this.

`launch.py --probe` says which Python that is. Started with `-I -S`, so that nothing but the standard library and what
lies beside this file is imported. Pythons from 3.6 on can read it: old ones are told from new ones by asking them.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def tag() -> str:
    """As in the names of wheels: `cp312`; with a `t` where there is no global lock."""
    free = "t" if "t" in getattr(sys, "abiflags", "") or "free-threading" in sys.version else ""
    name = "cp" if sys.implementation.name == "cpython" else sys.implementation.name
    return f"{name}{sys.version_info[0]}{sys.version_info[1]}{free}"


def machine() -> str:
    """What compiled libraries must be made for: the system, the processor, and how wide an address is."""
    if sys.platform == "win32":
        import sysconfig  # noqa: PLC0415  # Elsewhere it is not needed, and it takes long.

        processor = sysconfig.get_platform().rpartition("-")[2]
    else:
        processor = os.uname().machine
    return f"{sys.platform}-{processor.lower()}-{64 if sys.maxsize > 2**32 else 32}"


def probe() -> str:
    """One line of JSON."""
    version = ".".join(map(str, sys.version_info[:3]))
    return f'{{"version": "{version}", "tag": "{tag()}", "machine": "{machine()}"}}'


def run() -> int:
    """The daemon: its exit code."""
    own = os.path.join(HERE, tag())
    if not os.path.isdir(own):
        made_for = " ".join(sorted(name for name in os.listdir(HERE) if name.startswith("cp")))
        sys.stderr.write(f"This daemon was made for {made_for}, and this Python is {tag()}.\n")
        return 1
    sys.path[:0] = [os.path.join(HERE, "any"), own]
    from passerelle.rpc.stdio import serve  # noqa: PLC0415  # It is found from here on.

    return serve()


if __name__ == "__main__":
    if sys.argv[1:] == ["--probe"]:
        sys.stdout.write(probe() + "\n")
    else:
        sys.exit(run())
