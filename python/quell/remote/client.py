"""A session on a Spark cluster."""

import contextlib
import logging
import os
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from quell import __version__
from quell.remote import errors
from quell.remote.errors import RemoteError

CONNECT_TIMEOUT_S = 10.0
# Delta keeps the version of a session's last commit here.
_LAST_COMMIT = "spark.databricks.delta.lastCommitVersionInSession"
_TIME_ZONE = "spark.sql.session.timeZone"


def _quiet() -> None:
    """PySpark logs each error that it raises and warns of what concerns its developers; errors are ours to tell."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


class SparkClient:
    """Sends statements through Spark Connect. Raises RemoteError."""

    def __init__(self, url: str, settings: Mapping[str, str]) -> None:
        _quiet()
        # $SPARK_REMOTE and its kin would compete with the address that was asked for.
        for name in [name for name in os.environ if name.startswith(("SPARK_REMOTE", "SPARK_MASTER"))]:
            del os.environ[name]
        try:
            from pyspark.sql.connect.client import DefaultChannelBuilder
            from pyspark.sql.connect.client.retries import DefaultPolicy
            from pyspark.sql.connect.session import SparkSession
        except ImportError as error:
            raise RemoteError(
                *errors.CLIENT_MISSING,
                f"--remote needs PySpark's client, which {sys.executable} cannot import: {error}; "
                "run ./dev setup remote, or set QUELL_REMOTE_PYTHON to a Python that has pyspark-client",
            ) from None
        self._is_lost = False
        self._tells_commits = True
        with self._translated(url):
            channel = DefaultChannelBuilder(url)
            self._endpoint = f"sc://{channel.endpoint}"
            if channel.getDefault(DefaultChannelBuilder.PARAM_USER_AGENT, None) is None:
                channel.set(DefaultChannelBuilder.PARAM_USER_AGENT, f"quell/{__version__}")
            self._knock(channel.endpoint)
            self._session = SparkSession.builder.channelBuilder(channel).create()
            # PySpark would try for ten minutes to reach a server that is gone; this is half a minute.
            self._session.client.set_retry_policies([DefaultPolicy(max_retries=7, max_backoff=10_000)])
            for name, value in settings.items():
                self._session.conf.set(name, value)

    def execute(self, sql: str) -> Iterator[Any]:
        """Runs a statement and gives its rows as Arrow tables, at least one if the result has columns.

        KeyboardInterrupt interrupts the statement in Spark, too.
        """
        with self._translated(self._endpoint):
            self._forget_last_commit()
            frame = self._session.sql(sql)
            schema, has_rows = None, False
            for part in self._session.client.to_table_as_iterator(frame._plan.to_proto(self._session.client), {}):
                if hasattr(part, "to_batches"):
                    has_rows = True
                    yield part
                else:
                    schema = part
            if not has_rows and schema is not None and len(schema) > 0:
                from pyspark.sql.pandas.types import to_arrow_schema

                yield to_arrow_schema(schema, timezone=self.time_zone()).empty_table()

    def last_commit(self) -> int | None:
        """The version that the last statement committed to a Delta table, if it did and Spark tells."""
        version = self._option(_LAST_COMMIT) if self._tells_commits else None
        return None if version is None else int(version)

    def _forget_last_commit(self) -> None:
        """So that a version is that of the next statement. Where a vendor's Spark refuses, it is not asked for any."""
        from pyspark.errors import PySparkException

        if not self._tells_commits:
            return
        try:
            self._session.conf.unset(_LAST_COMMIT)
        except PySparkException as error:
            if errors.is_unavailable(error):
                raise
            self._tells_commits = False

    def time_zone(self) -> str:
        return self._option(_TIME_ZONE) or "UTC"

    def _option(self, name: str) -> str | None:
        """A setting, or None where it has no value, which PySpark's own `conf.get` takes for an error."""
        from pyspark.sql.connect.proto import ConfigRequest

        with self._translated(self._endpoint):
            operation = ConfigRequest.Operation(get_option=ConfigRequest.GetOption(keys=[name]))
            value: str | None = dict(self._session.client.config(operation).pairs)[name]
            return value

    def interrupt(self) -> None:
        """Ends what still runs of this session."""
        if self._is_lost:
            return
        with contextlib.suppress(Exception):
            self._session.interruptAll()

    def close(self) -> None:
        """Ends the session; a server that is gone is not waited for."""
        if self._is_lost:
            return
        with contextlib.suppress(Exception):
            self._session.stop()

    def _knock(self, endpoint: str) -> None:
        """Fails at once where nobody listens, before PySpark begins to try again and again."""
        host, _, port = endpoint.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), CONNECT_TIMEOUT_S).close()
        except OSError as error:
            raise RemoteError(
                *errors.CANNOT_CONNECT,
                f"cannot connect to {self._endpoint}: {error.strerror or error}; check the address, and that a Spark "
                "Connect server runs there (sbin/start-connect-server.sh of Spark starts one, on port 15002)",
            ) from None

    @contextlib.contextmanager
    def _translated(self, endpoint: str) -> Iterator[None]:
        from pyspark.errors import PySparkException

        try:
            yield
        except PySparkException as error:
            translated = errors.from_spark(error, endpoint)
            self._is_lost = self._is_lost or translated.error_class == errors.CONNECTION_LOST[0]
            raise translated from None
