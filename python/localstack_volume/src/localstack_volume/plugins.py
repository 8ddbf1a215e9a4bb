"""The entry points that LocalStack finds; they import the rest only when LocalStack asks for it."""

import os
import sys
import traceback
from pathlib import Path

from localstack.runtime.server.core import RuntimeServer, RuntimeServerPlugin
from localstack.services.plugins import Service, aws_provider


@aws_provider(api="s3", name="volume")
def s3_volume() -> Service:
    from localstack_volume.provider import VolumeS3Provider
    from localstack_volume.volume import Volume

    try:
        volume = Volume(Path(os.environ["S3_VOLUME"]), fsync=os.environ.get("S3_VOLUME_FSYNC") == "1")
        return Service.for_provider(VolumeS3Provider(volume))
    except Exception as error:
        # LocalStack would log one word and serve on without S3.
        traceback.print_exc()
        print(error, file=sys.stderr, flush=True)
        os._exit(1)


class LoopbackServerPlugin(RuntimeServerPlugin):
    name = "loopback"

    def load(self, *args: object, **kwargs: object) -> RuntimeServer:
        from localstack_volume.server import LoopbackServer

        return LoopbackServer()
