"""Tables that Quell writes for other engines to read: the statements that make each, and the rows that it must have."""

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class TableCase:
    """`statements` name the table `{t}`; `rows` are spelled as `delta_peer.plain` does."""

    statements: tuple[str, ...]
    rows: tuple[Row, ...]


def types_row(number: int) -> Row:
    days = ("2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02")
    cents = number * 101
    return {
        "id": number,
        "part": None if number % 7 == 0 else f"p/ä={number % 3}",
        "day": days[number % 4],
        "flag": number % 2 == 0,
        "tiny": number,
        "small": number * 100,
        "medium": number * -1000,
        "real_value": number / 4,
        "double_value": number / 7,
        "price": f"{cents // 100}.{cents % 100:02}",
        "wide": f"-{number * 123456789012345678}.0000",
        "text": None if number % 5 == 0 else f'text "{number}" ü',
        "at": "2024-03-10T01:59:59.123456",
    }


# Partitions with special characters and NULL, two commits.
TYPES = TableCase(
    (
        """CREATE TABLE {t} PARTITIONED BY (part, day) AS SELECT
          id,
          CASE WHEN id % 7 = 0 THEN NULL ELSE CONCAT('p/ä=', CAST(id % 3 AS STRING)) END AS part,
          DATE_ADD(DATE '2024-02-28', CAST(id % 4 AS INT)) AS day,
          id % 2 = 0 AS flag,
          CAST(id AS TINYINT) AS tiny,
          CAST(id * 100 AS SMALLINT) AS small,
          CAST(id * -1000 AS INT) AS medium,
          CAST(id / 4 AS FLOAT) AS real_value,
          id / 7 AS double_value,
          CAST(id * 1.01 AS DECIMAL(12,2)) AS price,
          CAST(id * -123456789012345678 AS DECIMAL(38,4)) AS wide,
          CASE WHEN id % 5 = 0 THEN NULL ELSE CONCAT('text "', CAST(id AS STRING), '" ü') END AS text,
          TIMESTAMP '2024-03-10 01:59:59.123456' AS at
        FROM range(1, 40)""",
        "INSERT INTO {t} SELECT * FROM {t} WHERE id < 5",
    ),
    tuple(types_row(number) for number in [*range(1, 40), *range(1, 5)]),
)

# The ends of each type, times before 1970, decimals stored in 4, 8 and 16 bytes.
EDGES = TableCase(
    (
        """CREATE TABLE {t} (
          id INT, i8 TINYINT, i16 SMALLINT, i32 INT, i64 BIGINT, f32 FLOAT, f64 DOUBLE,
          d1 DECIMAL(1,0), d9 DECIMAL(9,9), d10 DECIMAL(10,0), d18 DECIMAL(18,2), d19 DECIMAL(19,0),
          d38 DECIMAL(38,0), d38s DECIMAL(38,38), day DATE, at TIMESTAMP, text STRING, bytes BINARY)""",
        """INSERT INTO {t} VALUES
          (1, 127Y, 32767S, 2147483647, 9223372036854775807L, FLOAT('Infinity'), DOUBLE('NaN'),
           9, 0.999999999, 9999999999, 9999999999999999.99, 9999999999999999999,
           99999999999999999999999999999999999999, 0.99999999999999999999999999999999999999,
           DATE '9999-12-31', TIMESTAMP '2262-04-11 23:47:16.854775', '日本語 🦆', X'00FF'),
          (2, CAST(-128 AS TINYINT), CAST(-32768 AS SMALLINT), CAST(-2147483648 AS INT), -9223372036854775808L,
           FLOAT('-Infinity'), DOUBLE('-Infinity'),
           -9, -0.999999999, -9999999999, -9999999999999999.99, -9999999999999999999,
           -99999999999999999999999999999999999999, -0.99999999999999999999999999999999999999,
           DATE '0001-01-01', TIMESTAMP '1899-12-31 23:59:59.999999', '', X''),
          (3, 0Y, 0S, 0, 0L, FLOAT(0), DOUBLE('-0.0'), 0, 0, 0, 0, 0, 0, 0, DATE '1969-12-31',
           TIMESTAMP '1969-12-31 23:59:59.999999', 'line\\nbreak\\ttab "quote" \\\\', X'0A'),
          (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""",
    ),
    (
        {
            "id": 1, "i8": 127, "i16": 32767, "i32": 2147483647, "i64": 9223372036854775807, "f32": "inf", "f64": "nan",
            "d1": "9", "d9": "0.999999999", "d10": "9999999999", "d18": "9999999999999999.99",
            "d19": "9999999999999999999", "d38": "9" * 38, "d38s": "0." + "9" * 38, "day": "9999-12-31",
            "at": "2262-04-11T23:47:16.854775", "text": "日本語 🦆", "bytes": "AP8=",
        },
        {
            "id": 2, "i8": -128, "i16": -32768, "i32": -2147483648, "i64": -9223372036854775808, "f32": "-inf",
            "f64": "-inf", "d1": "-9", "d9": "-0.999999999", "d10": "-9999999999", "d18": "-9999999999999999.99",
            "d19": "-9999999999999999999", "d38": "-" + "9" * 38, "d38s": "-0." + "9" * 38, "day": "0001-01-01",
            "at": "1899-12-31T23:59:59.999999", "text": "", "bytes": "",
        },
        {
            "id": 3, "i8": 0, "i16": 0, "i32": 0, "i64": 0, "f32": 0.0, "f64": -0.0, "d1": "0", "d9": "0.000000000",
            "d10": "0", "d18": "0.00", "d19": "0", "d38": "0", "d38s": "0." + "0" * 38, "day": "1969-12-31",
            "at": "1969-12-31T23:59:59.999999", "text": 'line\nbreak\ttab "quote" \\', "bytes": "Cg==",
        },
        dict.fromkeys(
            ("i8", "i16", "i32", "i64", "f32", "f64", "d1", "d9", "d10", "d18", "d19", "d38", "d38s", "day", "at",
             "text", "bytes"), None) | {"id": 4},
    ),
)  # fmt: skip

# Structs, arrays and maps in each other, with NULL and empty ones at every depth.
NESTED = TableCase(
    (
        """CREATE TABLE {t} (id INT, s STRUCT<x: INT, y: ARRAY<STRING>, map_z: MAP<STRING, INT>>, l ARRAY<BIGINT>,
          map_m MAP<STRING, DECIMAL(5,2)>, deep ARRAY<STRUCT<at: TIMESTAMP, map_k: MAP<INT, ARRAY<BINARY>>>>)""",
        """INSERT INTO {t} VALUES
          (1, named_struct('x', 1, 'y', array('a', NULL, 'ü'), 'map_z', map('k', 7, 'l', NULL)), array(1, NULL, 3),
           map('p', 1.25, 'q', NULL),
           array(named_struct('at', TIMESTAMP '1969-07-20 20:17:40', 'map_k', map(1, array(X'00', NULL))), NULL,
                 named_struct('at', NULL, 'map_k', NULL))),
          (2, NULL, NULL, NULL, NULL),
          (3, named_struct('x', NULL, 'y', NULL, 'map_z', NULL), array(), map(), array()),
          (4, named_struct('x', 4, 'y', array(), 'map_z', map()), array(NULL), map('', 0),
           array(named_struct('at', NULL, 'map_k', map(2, NULL, 3, array()))))""",
    ),
    (
        {
            "id": 1,
            "s": {"x": 1, "y": ["a", None, "ü"], "map_z": [["k", 7], ["l", None]]},
            "l": [1, None, 3],
            "map_m": [["p", "1.25"], ["q", None]],
            "deep": [
                {"at": "1969-07-20T20:17:40.000000", "map_k": [[1, ["AA==", None]]]}, None, {"at": None, "map_k": None},
            ],
        },
        {"id": 2, "s": None, "l": None, "map_m": None, "deep": None},
        {"id": 3, "s": {"x": None, "y": None, "map_z": None}, "l": [], "map_m": [], "deep": []},
        {
            "id": 4, "s": {"x": 4, "y": [], "map_z": []}, "l": [None], "map_m": [["", "0.00"]],
            "deep": [{"at": None, "map_k": [[2, None], [3, []]]}],
        },
    ),
)  # fmt: skip


def partition_case(name: str, sql_type: str, values: dict[str, Any]) -> TableCase:
    """A table that is partitioned by one column; `values`: literals, and how their values are spelled."""
    rows = ", ".join(f"({i}, {literal})" for i, literal in enumerate(values))
    return TableCase(
        (
            f"CREATE TABLE {{t}} (id INT, {name} {sql_type}) PARTITIONED BY ({name})",
            f"INSERT INTO {{t}} VALUES {rows}, (99, NULL)",
        ),
        (*({"id": i, name: value} for i, value in enumerate(values.values())), {"id": 99, name: None}),
    )


PARTITIONS = {
    "boolean": partition_case("b", "BOOLEAN", {"true": True, "false": False}),
    "tinyint": partition_case("b", "TINYINT", {"CAST(-128 AS TINYINT)": -128, "1Y": 1}),
    "smallint": partition_case("b", "SMALLINT", {"CAST(-32768 AS SMALLINT)": -32768}),
    "int": partition_case("b", "INT", {"CAST(-2147483648 AS INT)": -2147483648, "0": 0}),
    "bigint": partition_case("b", "BIGINT", {"9223372036854775807L": 9223372036854775807}),
    "float": partition_case("b", "FLOAT", {"FLOAT('-1.5')": -1.5, "FLOAT('1e10')": 1e10}),
    "double": partition_case("b", "DOUBLE", {"DOUBLE('0.1')": 0.1, "DOUBLE('-1e100')": -1e100}),
    # delta-rs 1.6 fails on negative ones.
    "decimal": partition_case("b", "DECIMAL(20,3)", {"12345678901234567.890": "12345678901234567.890", "0": "0.000"}),
    "string": partition_case(
        "b", "STRING", {"'日本 语'": "日本 语", "'a/b=c%d:e?f#g'": "a/b=c%d:e?f#g", "' '": " ", "'\"{{}}\"'": '"{}"'}
    ),
    "date": partition_case("b", "DATE", {"DATE '1969-12-31'": "1969-12-31", "DATE '2024-02-29'": "2024-02-29"}),
    "timestamp": partition_case(
        "b",
        "TIMESTAMP",
        {
            "TIMESTAMP '1969-12-31 23:59:59.999999'": "1969-12-31T23:59:59.999999",
            "TIMESTAMP '2024-02-29 12:00:00'": "2024-02-29T12:00:00.000000",
        },
    ),
}

EMPTY = TableCase(("CREATE TABLE {t} AS SELECT id, 'x' AS text FROM range(0)",), ())

EMPTIED = TableCase(
    ("CREATE TABLE {t} AS SELECT id, 'x' AS text FROM range(5)", "INSERT OVERWRITE {t} SELECT id, 'x' FROM range(0)"),
    (),
)

NULLS = TableCase(
    (
        "CREATE TABLE {t} (a INT, b STRING, c DECIMAL(30,2), d ARRAY<INT>)",
        "INSERT INTO {t} SELECT NULL, NULL, NULL, NULL FROM range(3)",
    ),
    tuple({"a": None, "b": None, "c": None, "d": None} for _ in range(3)),
)

TIMESTAMP_NTZ = TableCase(
    (
        "CREATE TABLE {t} (id INT, at TIMESTAMP_NTZ)",
        "INSERT INTO {t} VALUES (1, TIMESTAMP_NTZ '1969-12-31 23:59:59.999999'), (2, NULL)",
    ),
    ({"id": 1, "at": "1969-12-31T23:59:59.999999"}, {"id": 2, "at": None}),
)

NOT_NULL = TableCase(
    (
        "CREATE TABLE {t} (id INT NOT NULL COMMENT 'the \"key\"', s STRUCT<a: INT NOT NULL, b: STRING>)",
        "INSERT INTO {t} VALUES (1, named_struct('a', 1, 'b', NULL)), (2, NULL)",
    ),
    ({"id": 1, "s": {"a": 1, "b": None}}, {"id": 2, "s": None}),
)

# Table features, which writer version 7 lists one by one, "invariants" for NOT NULL among them.
NOT_NULL_FEATURES = TableCase(
    (
        "CREATE TABLE {t} (id INT NOT NULL, s STRUCT<a: INT NOT NULL>, at TIMESTAMP_NTZ) "
        "TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')",
        "INSERT INTO {t} VALUES (1, named_struct('a', 1), NULL), (2, NULL, TIMESTAMP_NTZ '2024-02-29 12:00:00')",
    ),
    ({"id": 1, "s": {"a": 1}, "at": None}, {"id": 2, "s": None, "at": "2024-02-29T12:00:00.000000"}),
)

CONSTRAINTS = TableCase(
    (
        "CREATE TABLE {t} (id INT, amount DECIMAL(10,2), s STRUCT<x: INT>) "
        "TBLPROPERTIES ('delta.constraints.positive' = 'amount > 0 AND s.x <> 7')",
        "INSERT INTO {t} VALUES (1, 1.50, named_struct('x', 1))",
    ),
    ({"id": 1, "amount": "1.50", "s": {"x": 1}},),
)

VARCHAR = TableCase(
    (
        "CREATE TABLE {t} (id INT, name VARCHAR(3) COMMENT 'short', s STRUCT<`c-d`: CHAR(2)>, l ARRAY<VARCHAR(2)>)",
        "INSERT INTO {t} VALUES (1, 'äöü', named_struct('c-d', 'xy'), array('a', NULL)), (2, NULL, NULL, NULL)",
    ),
    (
        {"id": 1, "name": "äöü", "s": {"c-d": "xy"}, "l": ["a", None]},
        {"id": 2, "name": None, "s": None, "l": None},
    ),
)

# Every kind of write, another schema in between, checkpoints on the way and at the end.
HISTORY = TableCase(
    (
        "CREATE TABLE {t} PARTITIONED BY (p) TBLPROPERTIES ('delta.checkpointInterval' = '2') "
        "AS SELECT id, id % 3 AS p FROM range(9)",
        "INSERT OVERWRITE {t} SELECT id * 10, p FROM {t}",
        "INSERT INTO {t} REPLACE WHERE p = 1 SELECT id, p FROM {t} WHERE p = 1 AND id > 10",
        "CREATE OR REPLACE TABLE {t} PARTITIONED BY (q) TBLPROPERTIES ('delta.checkpointInterval' = '2') "
        "AS SELECT CAST(p AS STRING) AS q, id AS number, array(id) AS list FROM {t}",
        "INSERT INTO {t} VALUES ('new', 7, NULL)",
        "INSERT INTO {t} REPLACE WHERE number >= 60 SELECT 'high', 61, array(1)",
        "INSERT INTO {t} VALUES ('last', 8, array())",
    ),
    (
        {"q": "0", "number": 0, "list": [0]},
        {"q": "0", "number": 30, "list": [30]},
        {"q": "1", "number": 40, "list": [40]},
        {"q": "2", "number": 20, "list": [20]},
        {"q": "2", "number": 50, "list": [50]},
        {"q": "new", "number": 7, "list": None},
        {"q": "high", "number": 61, "list": [1]},
        {"q": "last", "number": 8, "list": []},
    ),
)

TABLES: dict[str, TableCase] = {
    "types": TYPES,
    "edges": EDGES,
    "nested": NESTED,
    **{f"partition_{name}": case for name, case in PARTITIONS.items()},
    "empty": EMPTY,
    "emptied": EMPTIED,
    "nulls": NULLS,
    "timestamp_ntz": TIMESTAMP_NTZ,
    "not_null": NOT_NULL,
    "not_null_features": NOT_NULL_FEATURES,
    "constraints": CONSTRAINTS,
    "varchar": VARCHAR,
    "history": HISTORY,
}


@dataclass(frozen=True)
class SparkCase:
    """A table that delta-spark writes; `unwritable` names the features for which Quell must refuse to write to it."""

    statements: tuple[str, ...]
    unwritable: str = ""


def spark_table(columns: str, properties: str, *statements: str, unwritable: str = "", clauses: str = "") -> SparkCase:
    listed = f"TBLPROPERTIES ({properties})" if properties else ""
    return SparkCase((f"CREATE TABLE {{t}} ({columns}) USING delta {clauses} {listed}", *statements), unwritable)


SPARK_TABLES: dict[str, SparkCase] = {
    # JSON and checkpoints, whose statistics are columns; partitions, tombstones.
    "checkpoints": spark_table(
        "id INT, p STRING, at TIMESTAMP, s STRUCT<a: INT, b: ARRAY<STRING>>",
        "'delta.checkpointInterval' = '2'",
        "INSERT INTO {t} SELECT id, concat('ä ', id % 2), TIMESTAMP '1969-07-20 20:17:40.123456', "
        "named_struct('a', id, 'b', array('x', NULL)) FROM range(6)",
        "DELETE FROM {t} WHERE id = 3",
        "INSERT INTO {t} VALUES (7, NULL, NULL, NULL)",
        clauses="PARTITIONED BY (p)",
    ),
    "deletion_vectors": spark_table(
        "id BIGINT, name STRING",
        "'delta.enableDeletionVectors' = 'true'",
        "INSERT INTO {t} SELECT /*+ COALESCE(1) */ id, concat('n', id) FROM range(100)",
        "DELETE FROM {t} WHERE id % 7 = 0",
        "DELETE FROM {t} WHERE id > 90",
    ),
    "column_mapping": spark_table(
        "id INT, old STRING, gone INT, s STRUCT<x: INT, y: STRUCT<z: INT>>, map_m MAP<STRING, STRUCT<v: INT>>, p INT",
        "'delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5'",
        "INSERT INTO {t} VALUES (1, 'one', 1, named_struct('x', 1, 'y', named_struct('z', 2)), "
        "map('k', named_struct('v', 5)), 1)",
        "ALTER TABLE {t} RENAME COLUMN old TO `new name`",
        "ALTER TABLE {t} RENAME COLUMN s.y.z TO zz",
        "ALTER TABLE {t} DROP COLUMN gone",
        "INSERT INTO {t} VALUES (2, 'two', named_struct('x', 3, 'y', NULL), NULL, 2)",
        clauses="PARTITIONED BY (p)",
        unwritable="columnMapping",
    ),
    "column_mapping_id": spark_table(
        "id INT, s STRUCT<x: INT>",
        "'delta.columnMapping.mode' = 'id'",
        "INSERT INTO {t} VALUES (1, named_struct('x', 1)), (NULL, NULL)",
        unwritable="columnMapping",
    ),
    "v2_checkpoints": spark_table(
        "id INT, name STRING",
        "'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '2'",
        *(f"INSERT INTO {{t}} VALUES ({i}, 'n{i}')" for i in range(3)),
    ),
    "widened_types": spark_table(
        "b TINYINT, s SHORT, i INT, f FLOAT, d DECIMAL(5,2), day DATE, n STRUCT<x: SHORT>, l ARRAY<INT>",
        "'delta.enableTypeWidening' = 'true', 'delta.feature.timestampNtz' = 'supported'",
        "INSERT INTO {t} VALUES (1, -2, 3, 1.5, 123.45, DATE '1969-12-31', named_struct('x', 7), array(1, NULL))",
        "ALTER TABLE {t} ALTER COLUMN b TYPE INT",
        "ALTER TABLE {t} ALTER COLUMN s TYPE DOUBLE",
        "ALTER TABLE {t} ALTER COLUMN i TYPE DECIMAL(20,3)",
        "ALTER TABLE {t} ALTER COLUMN f TYPE DOUBLE",
        "ALTER TABLE {t} ALTER COLUMN d TYPE DECIMAL(20,4)",
        "ALTER TABLE {t} ALTER COLUMN day TYPE TIMESTAMP_NTZ",
        "ALTER TABLE {t} ALTER COLUMN n.x TYPE BIGINT",
        "ALTER TABLE {t} ALTER COLUMN l.element TYPE BIGINT",
        "INSERT INTO {t} VALUES (100000, 0.5, 12345678901234567.125, 1e300, 1234567890123456.7891, "
        "TIMESTAMP_NTZ '2024-02-29 12:00:00', named_struct('x', 5000000000), array(5000000000))",
        unwritable="typeWidening",
    ),
    "constraints": spark_table(
        "id INT NOT NULL, amount DECIMAL(10,2)",
        "",
        "INSERT INTO {t} VALUES (1, 1.50)",
        "ALTER TABLE {t} ADD CONSTRAINT positive CHECK (amount > 0)",
    ),
    "varchar": spark_table(
        "id INT, name VARCHAR(3), s STRUCT<c: CHAR(2)>",
        "",
        "INSERT INTO {t} VALUES (1, 'abc', named_struct('c', 'xy'))",
    ),
    "in_commit_timestamps": spark_table(
        "id INT, at TIMESTAMP_NTZ",
        "'delta.enableInCommitTimestamps' = 'true', 'delta.enableChangeDataFeed' = 'true'",
        "INSERT INTO {t} VALUES (1, TIMESTAMP_NTZ '1900-01-01 00:00:00.000001')",
    ),
}
