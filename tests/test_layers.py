"""Who may import whom: the contract of the rooms, read off the source. A new room fails until it has its place here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "compiler" / "clusterc"

STAGES = frozenset({"load", "check", "resolve", "capacity", "emit", "overlay", "upgrade", "write"})

# What each room may import of the others. The lower half of the package knows nothing of the stages.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "amounts": frozenset(),
    "bundled": frozenset(),
    "calendar": frozenset(),
    "catalog": frozenset(),
    "characters": frozenset(),
    "diagnostics": frozenset(),
    "differences": frozenset(),
    "formulas": frozenset(),
    "jsonnet": frozenset(),
    "kubernetes": frozenset({"bundled", "diagnostics"}),
    "quantity": frozenset(),
    "scalars": frozenset(),
    "yamltext": frozenset(),
    "model": frozenset({"diagnostics", "kubernetes"}),
    "spec": frozenset({"characters", "diagnostics", "model", "quantity"}),
    "defaults": frozenset({"catalog", "formulas", "spec"}),
    "load": frozenset({"characters", "diagnostics", "jsonnet", "model", "scalars"}),
    "check": frozenset(
        {"calendar", "catalog", "defaults", "diagnostics", "formulas", "kubernetes", "model", "quantity", "spec"}
    ),
    "resolve": frozenset({"calendar", "catalog", "defaults", "formulas", "kubernetes", "model", "quantity", "spec"}),
    "capacity": frozenset({"formulas", "model", "quantity"}),
    "emit": frozenset({"amounts", "model"}),
    "overlay": frozenset({"diagnostics", "differences", "jsonnet", "kubernetes", "model", "spec"}),
    "upgrade": frozenset({"diagnostics", "differences", "kubernetes", "model"}),
    "write": frozenset({"model", "yamltext"}),
    "report": frozenset({"amounts", "diagnostics", "model", "scalars", "spec"}),
    "pipeline": STAGES | {"diagnostics", "kubernetes", "model", "spec"},
}
# The command line stands on top: it may import everything, and nobody imports it.
TOP = "cli"

# Modules that belong to one place: the command line, the readers of YAML, the owner of the engine, the border.
OWNERS = {
    "click": ("cli/",),
    "ruamel": ("load/yaml_spec.py", "spec/parts.py"),
    "_jsonnet": ("jsonnet.py",),
    "jsonschema": ("kubernetes/schemas.py",),
    "pydantic": ("spec/", "cli/"),
    "pydantic_core": ("spec/",),
    "tomli_w": ("write/render.py",),
    "yaml": (),
}

# What a pure function does not look at, by module and by attribute; the command line may.
IMPURE_MODULES = frozenset(
    {"asyncio", "getpass", "http", "locale", "multiprocessing", "platform", "random", "secrets", "socket", "ssl"}
    | {"subprocess", "tempfile", "time", "urllib", "uuid"}
)
IMPURE_NAMES = frozenset(
    {
        "cwd",
        "environ",
        "environb",
        "expanduser",
        "getcwd",
        "getenv",
        "getlogin",
        "home",
        "now",
        "today",
        "urandom",
        "utcnow",
    }
)

FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def room(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield every module, or name of a module, that is imported anywhere, however late."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names(tree: ast.AST) -> Iterator[str]:
    """Yield every name of something else that is used, whether as an attribute or imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def parsed(file: str) -> ast.Module:
    return ast.parse((PACKAGE / file).read_text(encoding="utf-8"))


def offences(file: str) -> list[str]:
    """Return what a file imports or uses against the contract."""
    own, tree = room(file), parsed(file)
    found = []
    for name in imports(tree):
        top, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if top == "clusterc":
            if own not in {target, TOP} and target not in MAY_IMPORT[own]:
                found.append(name)
        elif (top in OWNERS and not file.startswith(OWNERS[top])) or (own != TOP and top in IMPURE_MODULES):
            found.append(name)
    if own != TOP:
        found += sorted(set(names(tree)) & IMPURE_NAMES)
    return found


def test_every_room_has_its_place() -> None:
    assert {room(file) for file in FILES} - {"__init__"} == {*MAY_IMPORT, TOP}


def test_no_stage_may_import_another() -> None:
    assert {stage: MAY_IMPORT[stage] & STAGES for stage in sorted(STAGES)} == dict.fromkeys(sorted(STAGES), frozenset())


def test_nothing_below_the_command_line_may_import_it() -> None:
    assert [name for name, allowed in MAY_IMPORT.items() if TOP in allowed] == []


def test_no_two_rooms_may_import_each_other() -> None:
    below: dict[str, set[str]] = {}
    for name in MAY_IMPORT:
        pending, found = [name], set[str]()
        while pending:
            for target in MAY_IMPORT.get(pending.pop(), frozenset()) - found:
                found.add(target)
                pending.append(target)
        below[name] = found
    assert [name for name, found in below.items() if name in found] == []


@pytest.mark.parametrize("file", [file for file in FILES if room(file) != "__init__"])
def test_a_file_keeps_the_contract(file: str) -> None:
    assert offences(file) == []


def test_the_contract_allows_nothing_that_nobody_uses() -> None:
    used = {
        (room(file), name.split(".")[1])
        for file in FILES
        if room(file) != "__init__"
        for name in imports(parsed(file))
        if name.startswith("clusterc.")
    }
    allowed = {(name, target) for name, targets in MAY_IMPORT.items() for target in targets}
    assert sorted(allowed - used) == []


@pytest.mark.parametrize("file", FILES)
def test_annotations_are_not_evaluated_at_import(file: str) -> None:
    tree = parsed(file)
    has_code = any(not isinstance(node, ast.Expr) for node in tree.body)
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert future or not has_code or file == "__init__.py"
