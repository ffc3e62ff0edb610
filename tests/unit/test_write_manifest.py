"""MANIFEST.json, read back by a reader of its own."""

from __future__ import annotations

import json
import subprocess
from hashlib import sha256
from typing import TYPE_CHECKING

from clusterc.model.document import File, Impact
from clusterc.write import manifest
from clusterc.write.commit import commit
from clusterc.write.plan import plan
from write_trees import VERSION, build

if TYPE_CHECKING:
    from pathlib import Path

ETCD = File("etcd/e-0.yaml", "name: é\n", "EtcdConfiguration", "etcd-3.7", ("spec.etcd", "spec.name"), Impact.RESTART)
NOTE = File("README.md", "hi\n", "Readme", "people", ("spec",), Impact.NONE)


def _lines(root: Path, files: list[File]) -> list[str]:
    commit(plan(root, files, tool_version="0.1.0"))
    return (root / "MANIFEST.json").read_text().split("\n")


def test_each_file_has_one_line_with_its_keys_in_order(tmp_path: Path) -> None:
    note = sha256(b"hi\n").hexdigest()
    etcd = sha256("name: é\n".encode()).hexdigest()
    readme = f'{{"sha256": "{note}", "kind": "Readme", "owner": ["spec"], "impact": "none", "reader": "people"}}'
    kind, owner = '"EtcdConfiguration"', '["spec.etcd", "spec.name"]'
    member = f'{{"sha256": "{etcd}", "kind": {kind}, "owner": {owner}, "impact": "restart", "reader": "etcd-3.7"}}'
    assert _lines(tmp_path / "out", [ETCD, NOTE]) == [
        "{",
        '  "clusterc": "0.1.0",',
        '  "files": {',
        f'    "README.md": {readme},',
        f'    "etcd/e-0.yaml": {member}',
        "  }",
        "}",
        "",
    ]


def test_a_build_without_files_still_makes_valid_json(tmp_path: Path) -> None:
    assert json.loads("\n".join(_lines(tmp_path / "out", []))) == {"clusterc": "0.1.0", "files": {}}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    text = "\n".join(_lines(tmp_path / "out", [ETCD, NOTE]))
    assert manifest.parse(text.encode()) == {file.path: sha256(file.text.encode()).hexdigest() for file in (ETCD, NOTE)}


def test_a_manifest_with_conflict_markers_lists_nothing() -> None:
    assert manifest.parse(b'{\n<<<<<<< ours\n  "clusterc": "1",\n=======\n>>>>>>> theirs\n  "files": {}\n}\n') == {}


def test_what_is_no_manifest_is_told_from_an_empty_one() -> None:
    for text in ("", "[]", "{}", '{"files": []}', '{"files": {"a": 1}}', '{"files": {"a": {}}}', "\xff"):
        assert manifest.parse(text.encode("latin-1")) is None
    assert manifest.parse(b'{"files": {}}') == {}


def test_a_journal_is_read_back_and_a_damaged_one_allows_nothing() -> None:
    assert manifest.parse_journal(manifest.render_journal({"b": {"2", "1"}, "a": {"3"}})) == {
        "a": ["3"],
        "b": ["1", "2"],
    }
    for text in (b"", b"[]", b"{", b'{"a": 1}'):
        assert manifest.parse_journal(text) == {}


def test_two_branches_that_touch_different_files_merge_into_the_manifest_of_both(tmp_path: Path) -> None:
    base = {f"{letter}.yaml": "1" for letter in "abcdefghij"}
    ours, theirs = base | {"b.yaml": "2"}, base | {"i.yaml": "2"}
    for name, texts in {"base": base, "ours": ours, "theirs": theirs, "both": ours | {"i.yaml": "2"}}.items():
        commit(plan(tmp_path / name, build(texts), tool_version=VERSION))
    merged = subprocess.run(
        ["git", "merge-file", "-p", *(f"{tmp_path}/{name}/MANIFEST.json" for name in ("ours", "base", "theirs"))],
        capture_output=True,
        check=True,
    )
    assert merged.stdout == (tmp_path / "both" / "MANIFEST.json").read_bytes()
