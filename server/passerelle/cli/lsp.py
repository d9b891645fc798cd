"""`passerelle lsp` with `--config` or `--gateway`; the plain one does not come this far (`main`)."""

import os

from passerelle.cli.launch import config_file
from passerelle.cli.parser import Arguments
from passerelle.rpc.stdio import serve


def run(arguments: Arguments) -> int:
    if arguments.config is not None:
        os.environ["PASSERELLE_CONFIG"] = config_file(arguments.config)
    if arguments.gateway is not None:
        os.environ["PASSERELLE__GATEWAY"] = arguments.gateway
    return serve([])
