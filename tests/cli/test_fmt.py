"""`clusterc fmt`: the canonical form of a spec, with every comment and the same meaning."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from clusterc.load.yaml_spec import load_yaml
from clusterc.spec.canonical import canonical
from clusterc.spec.parts import NotFormattedError

if TYPE_CHECKING:
    from cli.runs import Clusterc

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "clusters").glob("*.yaml"))
MESSY = dedent("""\
    # a header

    kind: Cluster   # a kind
    spec:
        # above the pools
        nodePools:
        # above the first pool
        - role: training      # a role
          # above the name
          name: gpu
          labels: { a: b,c: [ x,  'y' ] }


          nodes:   8


          machine:
             memory: 8Gi
             # below the memory
        -
          name: cpu
          gpu: {type: h100-sxm5-80gb,
             # inside
             count: 8}  # after
          sysctls:
             "a": |
                first
                  second
             b: >-   # folded
                third

        - # beside the dash
          name: last
        # below the pools
        preset: lab

    # above the metadata
    metadata:

      name: messy
    apiVersion: clusterc.dev/v1alpha1
    # a footer
    """)
TIDY = dedent("""\
    # a header

    apiVersion: clusterc.dev/v1alpha1
    kind: Cluster   # a kind

    # above the metadata
    metadata:
      name: messy
    spec:
      # below the pools
      preset: lab
      # above the pools
      nodePools:
        # above the first pool
        # above the name
        - name: gpu
          role: training      # a role

          machine:
            memory: 8Gi
            # below the memory

          nodes: 8
          labels: {a: b, c: [x, 'y']}
        - name: cpu
          gpu: {type: h100-sxm5-80gb,
             # inside
             count: 8}  # after
          sysctls:
            "a": |
               first
                 second
            b: >-   # folded
               third

        # beside the dash
        - name: last
    # a footer
    """)


def meaning(text: str) -> str | None:
    """Return what a text says, or None where it cannot be read."""
    source, findings = load_yaml(text, name="spec.yaml")
    return json.dumps(source.data, sort_keys=True) if source and not findings else None


def test_fields_are_put_in_order_with_the_comments_above_them() -> None:
    assert canonical(MESSY) == TIDY


def test_the_canonical_form_is_its_own() -> None:
    assert canonical(TIDY) == TIDY


def test_the_canonical_form_says_the_same() -> None:
    assert meaning(MESSY) == meaning(TIDY) is not None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_specs_are_in_canonical_form(path: Path) -> None:
    assert canonical(path.read_text()) == path.read_text()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1", "a: 1\n"),
        ("{a: 1}", "{a: 1}\n"),
        ("a: |-\n  x", "a: |-\n  x\n"),
        ("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
        ("a :   1\n", "a: 1\n"),
        ("{b: 1,a: 2}\n", "{b: 1,a: 2}\n"),
        ("a:\n- 1\n-   2\n", "a:\n  - 1\n  - 2\n"),
        ("a:\n  - - 1\n    - 2\n  - x: 1\n", "a:\n  - - 1\n    - 2\n  - x: 1\n"),
        ("a:   # nothing\nb:\n", "a:   # nothing\nb:\n"),
        ("a:\n  # above\n  1\n", "# above\na: 1\n"),
        ("a: [x, {y: 1}]  # c\n", "a: [x, {y: 1}]  # c\n"),
        ("a: {b: , c}\n", "a: {b: , c}\n"),
        ("a: 'it''s'\n", "a: 'it''s'\n"),
        ("a: one\n  two\n", "a: one\n  two\n"),
        ("a:  1 # near\n", "a: 1  # near\n"),
        ("---\na: 1\n...\n", "---\na: 1\n...\n"),
        ("a: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"),
        ('a: "# no comment"   # c\n', 'a: "# no comment"   # c\n'),
        ("a: ünï   # ✓\n", "a: ünï   # ✓\n"),
    ],
)
def test_a_form_of_yaml_has_one_canonical_form(text: str, wanted: str) -> None:
    assert canonical(text) == wanted


@pytest.mark.parametrize(
    ("text", "line"),
    [("? a\n: 1\n", 1), ("b: 1\na: |+\n  x\n\n", 2), ("a:\n  - 1\n  -\n  - 2\n", 4), ("b: 1\na: |\n  x", 2)],
)
def test_a_form_that_cannot_be_moved_is_left_alone_with_its_line(text: str, line: int) -> None:
    with pytest.raises(NotFormattedError) as error:
        canonical(text)
    assert abs(error.value.line - line) <= 1


edits = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(["comment", "blank", "behind", "deeper", "swap", "break", "text"]),
        st.integers(0, 9),
    ),
    max_size=8,
)


def edited(text: str, steps: list[tuple[int, str, int]]) -> str:
    """Return a text with some of its lines changed; comments are numbered `#1#` and so on."""
    lines = text.split("\n")
    for number, (where, what, size) in enumerate(steps):
        at = where % len(lines)
        if what == "comment":
            lines.insert(at, f"{' ' * size}#{number}#")
        elif what == "blank":
            lines.insert(at, " " * size)
        elif what == "behind":
            lines[at] += f"{' ' * size} #{number}#"
        elif what == "deeper":
            lines[at] = f"{' ' * size}{lines[at]}"
        elif what == "swap":
            other = (at + size) % len(lines)
            lines[at], lines[other] = lines[other], lines[at]
        elif what == "break":
            lines[at] = lines[at].replace(": ", f":\n{' ' * (size + 6)}", 1)
        else:
            lines.insert(at, f"{' ' * size}text: |\n{' ' * size}  a\n{' ' * size}    b\n")
    return "\n".join(lines)


@settings(max_examples=300)
@example(SHIPPED[0].read_text(), [(30, "behind", 1), (7, "text", 0)])
@given(st.sampled_from([path.read_text() for path in SHIPPED] + [MESSY]), edits)
def test_whatever_is_done_to_a_spec_its_canonical_form_keeps_meaning_and_comments(
    text: str, steps: list[tuple[int, str, int]]
) -> None:
    changed = edited(text, steps)
    said = meaning(changed)
    assume(said is not None)
    try:
        formed = canonical(changed)
    except NotFormattedError:
        return
    assert meaning(formed) == said
    assert sorted(re.findall(r"#\d+#", formed)) == sorted(re.findall(r"#\d+#", changed))
    assert canonical(formed) == formed


def test_fmt_rewrites_names_the_file_and_keeps_its_permissions(clusterc: Clusterc, tmp_path: Path) -> None:
    spec = tmp_path / "my spec.yaml"
    spec.write_text(MESSY)
    spec.chmod(0o640)
    run = clusterc("fmt", spec.name)
    assert (run.code, run.out, run.err) == (0, "my spec.yaml\n", "1 spec, 1 changed\n")
    assert spec.read_text() == TIDY
    assert spec.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == [spec.name]
    assert clusterc("fmt", spec.name).out == ""


def test_a_link_stays_a_link(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(MESSY)
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    assert clusterc("fmt", "link.yaml").code == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == TIDY


def test_check_names_what_would_change_and_writes_nothing(clusterc: Clusterc, lab: Path, tmp_path: Path) -> None:
    (tmp_path / "messy.yaml").write_text(MESSY)
    run = clusterc("fmt", "--check", ".")
    assert (run.code, run.out, run.err) == (1, "messy.yaml\n", "2 specs, 1 would change\n")
    assert (tmp_path / "messy.yaml").read_text() == MESSY
    assert clusterc("fmt", "--check", lab.name).code == 0


def test_a_file_whose_lines_end_otherwise_is_not_in_canonical_form(clusterc: Clusterc, lab: Path) -> None:
    lab.write_bytes(lab.read_bytes().replace(b"\n", b"\r\n"))
    assert clusterc("fmt", "--check", lab.name).code == 1
    assert clusterc("fmt", lab.name).code == 0
    assert lab.read_bytes() == (ROOT / "clusters/lab-10.yaml").read_bytes()


def test_jsonnet_is_left_as_it_is(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "spec.jsonnet").write_text("{ }")
    run = clusterc("fmt", "spec.jsonnet")
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith("spec.jsonnet: Jsonnet is left as it is\n")


@pytest.mark.parametrize("content", [b"a: no\n", b"a: 1\na: 2\n", b"a: [\n", b"\x00", b"\xff\xfe", b""])
def test_a_file_that_is_no_right_text_is_refused_and_kept(clusterc: Clusterc, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wrong.yaml").write_bytes(content)
    run = clusterc("fmt", "wrong.yaml")
    assert (run.code, run.out) == (1, "")
    assert "error\n --> wrong.yaml" in run.err
    assert (tmp_path / "wrong.yaml").read_bytes() == content


def test_a_form_that_cannot_be_moved_is_refused_and_kept(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("? a\n: 1\n")
    run = clusterc("fmt", "odd.yaml")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("odd.yaml:1: a key is not written as `key: value`; it is left as it is\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (": a: 1\n", "a key is not written as `key: value`"),
        ("|\n a", "what a text ends with depends on the lines below it"),
    ],
)
def test_a_text_without_keys_is_refused_and_kept(clusterc: Clusterc, tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "odd.yaml").write_text(text)
    run = clusterc("fmt", "odd.yaml")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"odd.yaml:1: {reason}; it is left as it is\n")
    assert (tmp_path / "odd.yaml").read_text() == text


def test_the_right_specs_of_a_folder_are_formatted_beside_a_wrong_one(clusterc: Clusterc, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [\n")
    (tmp_path / "b.yaml").write_text(MESSY)
    run = clusterc("fmt", ".")
    assert (run.code, run.out) == (1, "b.yaml\n")
    assert (tmp_path / "b.yaml").read_text() == TIDY


def test_a_spec_with_unknown_fields_is_formatted_and_they_go_last() -> None:
    assert canonical("zzz: 1\nspec: {}\nkind: Cluster\n") == "kind: Cluster\nspec: {}\nzzz: 1\n"
