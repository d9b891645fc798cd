"""The process that runs the small model: llama.cpp's own HTTP server on loopback. It ends when its stdin closes.

It is a process of its own because a processor without the right instructions would kill the daemon with it. It reads
one line of JSON, `{"weights", "threads", "context", "key"}`, and writes one, `{"port"}`. The key comes this way so
that no list of processes shows it.
"""

import importlib
import json
import os
import signal
import sys
from urllib.parse import urlsplit


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; our parent ends us.
    xllamacpp = importlib.import_module("xllamacpp")
    settings = json.loads(sys.stdin.readline())
    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.n_ctx = settings["context"]
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["threads"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["key"]]
    # By default any web page may use the server, and it tells what is asked of it.
    params.cors_origins = "http://127.0.0.1"
    params.cors_origins_explicit = True
    params.ui = params.endpoint_props = params.endpoint_slots = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(json.dumps({"port": urlsplit(server.listening_address).port}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()  # Ends with our parent, however it ends: the pipe is closed for it.
    os._exit(0)  # The server's threads may be in the middle of an answer, for which nobody waits.


if __name__ == "__main__":
    main()
