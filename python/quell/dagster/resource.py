"""The engine as a Dagster resource."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from quell.binary import find_binary

_STOP_SECONDS = 10


class QuellResource(dg.ConfigurableResource["QuellResource"]):
    """Runs SQL files with Quell: in a process of its own, or in this process. Both speak Dagster Pipes.

    A run that is cancelled stops the engine, and is not tried again.
    """

    settings: dict[str, str] = Field(default_factory=dict, description="settings of the session, as --conf takes them")
    in_process: bool = Field(default=False, description="run inside of this Python process instead of one of its own")
    remote: str | None = Field(default=None, description="run on a Spark cluster: sc://HOST:PORT, as --remote takes it")

    def run_file(
        self,
        context: dg.AssetExecutionContext,
        path: str,
        variables: Mapping[str, str],
        sources: Mapping[str, dg.AssetKey] | None = None,
    ) -> dict[str, Any]:
        """Runs the statements of a file with `${name}` replaced, and returns what to note of the materialization.

        `sources` names the assets that the file reads by the location of their files, for the lineage of columns.
        """
        assets = {location: list(key.path) for location, key in (sources or {}).items()}
        with dg.open_pipes_session(
            context=context.op_execution_context,
            context_injector=dg.PipesEnvContextInjector(),
            message_reader=dg.PipesTempFileMessageReader(),
            extras={"assets": assets},
        ) as session:
            run = self._run_here if self.in_process and self.remote is None else self._run_process
            try:
                run(path, variables, session.get_bootstrap_env_vars())
            except (dg.DagsterExecutionInterruptedError, KeyboardInterrupt) as error:
                # Dagster obeys a RetryPolicy when a run is cancelled, too: the engine would be started once more.
                if context.get_step_execution_context().op_retry_policy is None:
                    raise
                raise dg.Failure("the run was cancelled, and the engine stopped", allow_retries=False) from error
        metadata: dict[str, Any] = {}
        for result in session.get_results(implicit_materializations=False):
            metadata |= dict(result.metadata or {})
        return metadata

    def _command(self, path: str, variables: Mapping[str, str]) -> list[str]:
        command = [find_binary(), "-f", path]
        for name, value in variables.items():
            command += ["-d", f"{name}={value}"]
        for name, value in self.settings.items():
            command += ["--conf", f"{name}={value}"]
        if self.remote is not None:
            command += ["--remote", self.remote]
        return command

    def _run_process(self, path: str, variables: Mapping[str, str], pipes: Mapping[str, str]) -> None:
        process = subprocess.Popen(self._command(path, variables), env=os.environ | pipes, stderr=subprocess.PIPE)
        try:
            _, stderr = process.communicate()
        except BaseException:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            raise
        message = stderr.decode(errors="replace")
        sys.stderr.write(message)
        if process.returncode != 0:
            raise dg.Failure(message.strip() or f"quell ended with code {process.returncode}")

    def _run_here(self, path: str, variables: Mapping[str, str], pipes: Mapping[str, str]) -> None:
        from quell.session import QuellError, Session

        text = Path(path).read_text(encoding="utf-8")
        try:
            Session(self.settings).run_script(text, variables, source=path, pipes=pipes)
        except QuellError as error:
            raise dg.Failure("\n".join([str(error), *getattr(error, "__notes__", [])])) from error
