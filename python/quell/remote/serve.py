"""Serves the `quell` command: statements in, rows out, one after another."""

import signal
import sys
from types import FrameType

from quell.remote import errors
from quell.remote.client import SparkClient
from quell.remote.errors import RemoteError
from quell.remote.protocol import Channel

_PATIENCE_S = 10


def _end(_signal: int, _frame: FrameType | None) -> None:
    """The command has died: its statement shall not live on, nor shall this process if Spark does not answer."""
    signal.alarm(_PATIENCE_S)
    sys.exit(1)


def _run(client: SparkClient, channel: Channel, sql: str) -> None:
    import pyarrow as pa

    writer = None
    for table in client.execute(sql):
        if table.num_columns == 0:
            continue
        if writer is None:
            writer = pa.ipc.new_stream(pa.PythonFile(channel.arrow_sink(), mode="w"), table.schema)
        writer.write_table(table)
        channel.flush()
    if writer is not None:
        writer.close()
    channel.send_done(client.last_commit(), client.time_zone())


def _answer(client: SparkClient, channel: Channel, sql: str) -> None:
    try:
        _run(client, channel, sql)
    except RemoteError as error:
        channel.send_error(error)
    except KeyboardInterrupt:
        client.interrupt()
        channel.send_error(RemoteError(*errors.CANCELED, "the statement was interrupted"))


def _serve(client: SparkClient, channel: Channel) -> None:
    while True:
        try:
            for sql in channel.statements():
                _answer(client, channel, sql)
            return
        except KeyboardInterrupt:
            # It came when its statement had just ended; the session goes on.
            continue


def main() -> int:
    """Opens the session that the first request asks for and runs statements until the requests end."""
    signal.signal(signal.SIGTERM, _end)
    channel = Channel.of_process()
    opening = channel.opening()
    try:
        client = SparkClient(opening.remote, opening.settings)
    except RemoteError as error:
        channel.send_error(error)
        return 1
    except KeyboardInterrupt:
        channel.send_error(RemoteError(*errors.CANCELED, "interrupted before the session was open"))
        return 1
    try:
        channel.send_open()
        _serve(client, channel)
    except (BrokenPipeError, SystemExit):
        client.interrupt()
        return 1
    finally:
        client.close()
    return 0
