"""Every broken spec is reported exactly: line, column, id, name, text and cure, all mistakes in one run, nothing else.

A file of `tests/broken/` is a whole spec; its last lines say what is wrong with it:
`# error: LINE:COLUMN [ID name] text`, or `-` for a place that cannot be known, and below it `#   fix: text` where
there is a cure to tell.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterc import pipeline
from clusterc.diagnostics import Finding

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "tests" / "broken").glob("*.yaml"))
EXPECTED = re.compile(r"^# ((?:error|warning|info|  fix): .*)$", re.MULTILINE)
LAB = (ROOT / "clusters" / "lab-10.yaml").read_bytes()


def shown(finding: Finding) -> str:
    place = f"{finding.span.line}:{finding.span.column}" if finding.span else "-"
    return f"{finding.severity.value}: {place} [{finding.id} {finding.name}] {finding.message}"


def findings(path: Path, *, root: Path | None = None) -> tuple[Finding, ...]:
    return pipeline.read(path, name=path.name, root=root or path.parent).findings


def told(path: Path) -> list[str]:
    return [shown(finding) for finding in findings(path)]


def told_with_cures(path: Path) -> list[str]:
    return [
        line
        for finding in findings(path)
        for line in (shown(finding), *([f"  fix: {finding.fix}"] if finding.fix else []))
    ]


def test_there_are_enough_broken_specs() -> None:
    assert len(FILES) >= 120


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_spec_is_reported_exactly(file: Path) -> None:
    expected = EXPECTED.findall(file.read_text())
    assert expected
    assert told_with_cures(file) == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_built_from_a_broken_spec(file: Path) -> None:
    built = pipeline.build(pipeline.read(file, name=file.name, root=file.parent))
    assert built.files == ()


TEXTS = {
    "empty": (b"", "error: - [CC0013 not-one-spec] the file holds no cluster spec"),
    "only-comments": (b"# nothing\n", "error: - [CC0013 not-one-spec] the file holds no cluster spec"),
    "one-word": (b"cluster\n", "error: 1:1 [CC0004 wrong-type] a spec is a mapping, not a text"),
    "a-list": (b"- a\n", "error: 1:1 [CC0004 wrong-type] a spec is a mapping, not a list"),
    "bom": (b"\xef\xbb\xbf" + LAB, "error: 1:1 [CC0010 unreadable-text] the file starts with a byte order mark"),
    "latin-1": (b"a: 1\nb: caf\xe9\n", "error: 2:7 [CC0010 unreadable-text] byte 0xe9 is not UTF-8"),
    "utf-16": ("a: b\n".encode("utf-16"), "error: 1:1 [CC0010 unreadable-text] byte 0xff is not UTF-8"),
    "nul": (b"a: b\x00c\n", "error: 1:5 [CC0010 unreadable-text] invisible character U+0000 (control character)"),
    "bidi": (
        "a: x\u202ey\n".encode(),
        "error: 1:5 [CC0010 unreadable-text] invisible character U+202E (right-to-left override)",
    ),
    "zero-width": (
        "na\u200bme: x\n".encode(),
        "error: 1:3 [CC0010 unreadable-text] invisible character U+200B (zero width space)",
    ),
    "escape": (b"a: \x1b[31m\n", "error: 1:4 [CC0010 unreadable-text] invisible character U+001B (control character)"),
    "deep-flow": (b"a: " + b"[" * 10_000, "error: 1:43 [CC0015 too-large] more than 40 levels of nesting"),
    "deep-block": (
        "".join(f"{' ' * depth}a:\n" for depth in range(200)).encode(),
        "error: 41:41 [CC0015 too-large] more than 40 levels of nesting",
    ),
    "open-quote": (b'a: "b\n', "error: 2:1 [CC0001 syntax] the text ends inside a quoted value or a bracket"),
    "unknown-anchor": (
        b"a: *b\n",
        "error: 1:4 [CC0001 syntax] anchors and aliases (*b) are not part of the spec language",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_no_spec_is_reported_exactly(name: str, tmp_path: Path) -> None:
    data, expected = TEXTS[name]
    file = tmp_path / f"{name}.yaml"
    file.write_bytes(data)
    assert told(file) == [expected]


def test_line_ends_of_windows_do_not_move_a_place(tmp_path: Path) -> None:
    file = tmp_path / "crlf.yaml"
    file.write_bytes(LAB.replace(b"preset: lab", b"preset: lob").replace(b"\n", b"\r\n"))
    (finding,) = findings(file)
    line = next(n for n, text in enumerate(LAB.decode().splitlines(), start=1) if text.startswith("  preset: lab"))
    assert finding.span is not None
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (line, 11, 14)


def test_a_file_of_100_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(100 * 1024**2)
    assert told(file) == ["error: - [CC0015 too-large] the file is larger than 2 MiB"]


PROGRAMS = {
    "syntax": ("{a:", "1:4 [CC0016 jsonnet] unexpected end of file."),
    "runtime": ("{\n  a: error 'no',\n}", "2:6 [CC0016 jsonnet] no"),
    "external-variable": ("{a: std.extVar('x')}", "1:5 [CC0016 jsonnet] undefined external variable: x"),
    "import-outside": (
        "import '../outside.libsonnet'",
        (
            '1:1 [CC0016 jsonnet] couldn\'t open import "../outside.libsonnet": '
            "import '../outside.libsonnet' leaves the project's folder"
        ),
    ),
    "importstr-of-an-absolute-path": (
        "{a: importstr '/etc/passwd'}",
        "1:5 [CC0016 jsonnet] couldn't open import \"/etc/passwd\": import '/etc/passwd' leaves the project's folder",
    ),
    "endless-recursion": ("local f(x) = f(x + 1) + 1; f(0)", "1:14 [CC0016 jsonnet] max stack frames exceeded."),
    "not-an-object": ("[1]", "- [CC0004 wrong-type] a spec is a mapping, not a list"),
    "memory": (
        "local a = std.repeat('x', 1000000000); a + a",
        "- [CC0016 jsonnet] the program needed more than 1024 MiB or crashed the Jsonnet engine",
    ),
    "no-end": (
        "local f(x) = f(x + 1) tailstrict; f(0)",
        "- [CC0016 jsonnet] the program did not end within 5 s",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_jsonnet_program_that_fails_is_reported_exactly(name: str, tmp_path: Path) -> None:
    program, expected = PROGRAMS[name]
    (tmp_path / "outside.libsonnet").write_text("{}")
    folder = tmp_path / "project"
    folder.mkdir()
    file = folder / "spec.jsonnet"
    file.write_text(program)
    assert told(file) == [f"error: {expected}"]


def test_a_mistake_in_a_jsonnet_spec_is_addressed_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "spec.jsonnet"
    file.write_text("{apiVersion: 'clusterc.dev/v1alpha1', kind: 'Cluster', metadata: {name: 'A b'}, spec: {}}")
    name = next(finding for finding in findings(file) if finding.id == "CC0008")
    assert (name.path, name.span) == ("metadata.name", None)


def lint(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from clusterc.cli import main; main()", "lint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_missing_file_an_empty_folder_and_no_argument_are_bad_usage(tmp_path: Path) -> None:
    for arguments in ([str(tmp_path / "gone.yaml")], [str(tmp_path)], []):
        result = lint(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "Traceback" not in result.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory of a process, at an address of none")
def test_a_file_that_cannot_be_read_is_said_so() -> None:
    result = lint("/proc/self/mem")
    assert (result.returncode, result.stdout) == (2, "")
    assert "clusterc: /proc/self/mem: Input/output error" in result.stderr


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for spec in (str(tmp_path / "pipe.yaml"), "/dev/zero"):
        result = lint(spec)
        assert (result.returncode, result.stdout) == (2, "")
        assert f"{spec}: this is no file; name a spec" in result.stderr


@given(st.binary(max_size=400))
def test_no_bytes_are_more_than_a_finding(data: bytes) -> None:
    file = ROOT / ".cache" / "fuzz.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    assert findings(file)


@given(st.data())
def test_a_spec_with_a_line_lost_or_changed_is_read_to_its_end(data: st.DataObject) -> None:
    lines = (ROOT / "clusters" / "research-7500.yaml").read_text().splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(
        st.sampled_from(["", "  - x", "a: [", lines[number] + ": {}", lines[number].replace(":", ": -")])
    )
    text = "\n".join([*lines[:number], change, *lines[number + 1 :]]) + "\n"
    file = ROOT / ".cache" / "fuzz.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    for finding in findings(file):
        if finding.span and finding.span.file == file.name:
            shown_lines = text.splitlines()
            assert 1 <= finding.span.line <= len(shown_lines) + 1
            assert 1 <= finding.span.column < finding.span.end_column
