"""Makes one file of the table."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from quell.datagen.calendar import to_micros
from quell.datagen.dirt import Dirt, TruncatingSink, other_schema
from quell.datagen.plan import ROW_GROUP_ROWS, FileKind, FileSpec, Parameters
from quell.datagen.target import Sink, Target
from quell.datagen.transactions import Columns, Transactions, to_table

PAGE_BYTES = 1 << 20
# Their values hardly ever repeat, so that a dictionary only costs.
_UNIQUE_COLUMNS = ("transaction_id", "event_time")


class FileMaker:
    """Makes files of one table, `chunk_rows` rows at a time."""

    def __init__(self, parameters: Parameters, chunk_rows: int, target: Target) -> None:
        self._parameters = parameters
        self._chunk_rows = chunk_rows
        self._target = target
        self._transactions = Transactions(parameters.seed, parameters.rows, parameters.start, parameters.end)
        self._dirt = Dirt(parameters.seed, to_micros(parameters.start), to_micros(parameters.end))
        self._columns = Columns.allocate(min(ROW_GROUP_ROWS, parameters.rows_per_file, parameters.rows))

    def make(self, spec: FileSpec, on_rows: Callable[[int], None]) -> int:
        """Makes the file and returns its size. `on_rows` hears of each row group, and may raise to end it all."""
        sink: Sink = self._target.open(spec.name)
        try:
            if spec.kind is FileKind.TRUNCATED:
                sink = TruncatingSink(sink, spec.rows)
            self._write(spec, sink, on_rows)
            return sink.commit()
        finally:
            sink.abort()

    def _write(self, spec: FileSpec, sink: Sink, on_rows: Callable[[int], None]) -> None:
        writer: pq.ParquetWriter | None = None
        for first_row in range(spec.first_row, spec.end_row, ROW_GROUP_ROWS):
            table = self._row_group(spec.kind, first_row, min(ROW_GROUP_ROWS, spec.end_row - first_row))
            if writer is None:
                writer = self._open_writer(sink, table.schema)
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            on_rows(table.num_rows)
        if writer is not None:
            writer.close()

    def _open_writer(self, sink: Sink, schema: pa.Schema) -> pq.ParquetWriter:
        return pq.ParquetWriter(
            pa.PythonFile(sink, mode="w"),
            schema,
            compression=self._parameters.compression,
            use_dictionary=[name for name in schema.names if name not in _UNIQUE_COLUMNS],
            data_page_size=PAGE_BYTES,
            write_statistics=True,
            write_page_index=True,
            store_schema=False,
            store_decimal_as_integer=True,
        )

    def _row_group(self, kind: FileKind, first_row: int, rows: int) -> pa.Table:
        for begin in range(0, rows, self._chunk_rows):
            self._transactions.fill(first_row + begin, self._columns, begin, min(begin + self._chunk_rows, rows))
        columns = self._columns.head(rows)
        nulls = None if kind is FileKind.CLEAN else self._dirt.spoil(first_row, columns)
        table = to_table(columns, nulls)
        return other_schema(table) if kind is FileKind.OTHER_SCHEMA else table
