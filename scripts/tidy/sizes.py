"""Files, functions and lines stay small. A C++ function is measured from the brace that opens its body."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from problem import Problem, files, read_lines

FILE_LINES = {".cpp": 600, ".h": 300, ".py": 600}
FUNCTION_LINES = 70
LINE_COLUMNS = 120

_NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s\\]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL,
)
_TYPE_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
_MEMBER_INITIALIZERS = re.compile(r"\)\s*(noexcept\s*)?:(?!:)")


@dataclass(frozen=True)
class Function:
    head: str
    first_line: int
    num_lines: int


def check() -> list[Problem]:
    problems = []
    for name in files(*FILE_LINES):
        lines = read_lines(name)
        limit = FILE_LINES[name[name.rindex(".") :]]
        if len(lines) > limit:
            problems.append(Problem(name, len(lines), f"{len(lines)} lines; the limit is {limit}"))
        problems += [
            Problem(name, number, f"{len(line)} columns; the limit is {LINE_COLUMNS}")
            for number, line in enumerate(lines, 1)
            if len(line) > LINE_COLUMNS
        ]
        text = "\n".join(lines)
        functions = python_functions(text) if name.endswith(".py") else cpp_functions(text)
        problems += [
            Problem(name, f.first_line, f"a function of {f.num_lines} lines; the limit is {FUNCTION_LINES}: {f.head}")
            for f in functions
            if f.num_lines > FUNCTION_LINES
        ]
    return problems


def python_functions(text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1)


def _blank(match: re.Match[str]) -> str:
    """Takes comments and literals out of the text, and keeps its line breaks."""
    return "\n" * match.group().count("\n")


def cpp_functions(text: str) -> Iterator[Function]:
    """The outermost functions of a C++ file: lambdas and local types count as their function's lines."""
    code = re.sub(r"^\s*#(?:.*\\\n)*.*", _blank, _NOISE.sub(_blank, text), flags=re.MULTILINE)
    open_scopes = 0  # Namespaces and types around the position.
    depth = 0  # Braces open inside the outermost function or initializer.
    function: tuple[str, int] | None = None
    head_start = 0
    for brace in re.finditer(r"[{};]", code):
        mark = brace.group()
        if depth > 0:
            depth += {"{": 1, "}": -1, ";": 0}[mark]
            if depth == 0 and function:
                head, start = function
                first_line = code.count("\n", 0, start) + 1
                yield Function(head, first_line, code.count("\n", start, brace.start()) + 1)
                function = None
                head_start = brace.end()
            continue
        head = " ".join(code[head_start : brace.start()].split())
        if mark == "{":
            if "(" in head and re.search(r"[\w>]$", head) and _MEMBER_INITIALIZERS.search(head):
                depth = 1  # One member's initializer; the body is still to come.
            elif "(" in head and not _is_type(head):
                function, depth = (head[:80], brace.start()), 1
            elif _is_type(head):
                open_scopes += 1
                head_start = brace.end()
            else:
                depth = 1
        else:
            if mark == "}":
                open_scopes -= 1
            head_start = brace.end()


def _is_type(head: str) -> bool:
    match = _TYPE_SCOPE.search(re.sub(r"template\s*<[^{]*?>\s*(?=\w)", "", head))
    return match is not None and "(" not in head[: match.start()] and not re.search(r"\)\s*(const)?$", head)
