"""The engine as a Dagster resource."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from quell.dagster.engine import find_binary


class QuellResource(dg.ConfigurableResource["QuellResource"]):
    """Runs SQL files with Quell: in a process of its own that speaks Dagster Pipes, or in this process.

    A run that is cancelled stops the engine, and is not tried again.
    """

    settings: dict[str, str] = Field(default_factory=dict, description="settings of the session, as --conf takes them")
    in_process: bool = Field(default=False, description="run inside of this Python process instead of one of its own")

    def run_file(
        self, context: dg.AssetExecutionContext, path: str, variables: Mapping[str, str]
    ) -> dict[str, dg.MetadataValue]:
        """Runs the statements of a file with `${name}` replaced, and returns what to note of the materialization."""
        if self.in_process:
            return self._run_here(path, variables)
        return self._run_process(context, path, variables)

    def _command(self, path: str, variables: Mapping[str, str]) -> list[str]:
        command = [find_binary(), "-f", path]
        for name, value in variables.items():
            command += ["-d", f"{name}={value}"]
        for name, value in self.settings.items():
            command += ["--conf", f"{name}={value}"]
        return command

    def _run_process(
        self, context: dg.AssetExecutionContext, path: str, variables: Mapping[str, str]
    ) -> dict[str, dg.MetadataValue]:
        # Dagster tells of a failed command only its exit code; the engine's message comes by stderr.
        with tempfile.TemporaryDirectory(prefix="quell-") as folder:
            errors = Path(folder) / "stderr"
            shell = ["/bin/sh", "-c", 'exec "$@" 2>"$0"', str(errors), *self._command(path, variables)]
            client = dg.PipesSubprocessClient()
            try:
                invocation = client.run(command=shell, context=context.op_execution_context)
            except dg.DagsterExecutionInterruptedError:
                raise dg.Failure("the run was cancelled, and the engine stopped", allow_retries=False) from None
            except Exception as error:
                message = errors.read_text(errors="replace").strip() if errors.exists() else ""
                raise dg.Failure(message or str(error), allow_retries=False) from error
            results = invocation.get_results()
        metadata: dict[str, Any] = {}
        for result in results:
            metadata |= dict(getattr(result, "metadata", None) or {})
        return metadata

    def _run_here(self, path: str, variables: Mapping[str, str]) -> dict[str, dg.MetadataValue]:
        from quell.errors import QuellError
        from quell.session import Session

        session = Session(self.settings)
        text = Path(path).read_text(encoding="utf-8")
        for name, value in variables.items():
            text = text.replace("${" + name + "}", value)
        try:
            result = session.sql(text.strip().rstrip(";"))
        except QuellError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        usage = result.report["usage"]
        metadata: dict[str, Any] = {
            name: usage[name]
            for name in (
                "rows_read",
                "bytes_read",
                "bytes_written",
                "bytes_spilled",
                "peak_memory_bytes",
                "wall_seconds",
                "cpu_seconds",
            )
        }
        metadata |= {"dagster/row_count": usage["rows_written"], "delta_version": result.version}
        metadata |= {f"cost_usd: {line['machine']}": line["total_usd"] for line in result.report["costs"]}
        return metadata
