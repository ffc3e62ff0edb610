"""Other values for a spec, from the command line: `--set PATH=VALUE` changes the data before it is read."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clusterc.cli._exit import CannotRun, HasErrors
from clusterc.diagnostics import Finding, Path, Span, Step
from clusterc.model.source import Source, split_name

if TYPE_CHECKING:
    from clusterc.pipeline import Checked

_ROOTS = frozenset({"apiVersion", "kind", "metadata", "spec"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One `PATH=VALUE`; messages call it `name`, and its text is the value's.

    `value` is None where the text is none, for the reasons in `findings`.
    """

    path: str
    text: str
    value: Source | None
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """Return how messages call it."""
        return f"--set {self.path}"


def parse(argument: str) -> Setting:
    """Return the setting that an argument says."""
    from clusterc.load.yaml_spec import load_yaml

    path, equals, text = argument.partition("=")
    path = path.strip()
    if not split_name(path) or not equals:
        raise CannotRun(f"--set {argument}: write it as PATH=VALUE, such as nodePools[a100].nodes.max=6000")
    if not text.strip():
        raise CannotRun(f'--set {path}: there is no value after "="; write two quotes for an empty text')
    value, findings = load_yaml(text, name=f"--set {path}")
    if any(finding.id == "CC0013" for finding in findings):
        raise CannotRun(
            f"--set {path}: {text.strip()} is no value; what is to have its default is left out of the spec"
        )
    return Setting(path, text, value, findings)


def with_settings(checked: Checked, settings: list[Setting]) -> Checked:
    """Return the spec with other values, resolved again. Raises HasErrors after showing what keeps it from that."""
    from clusterc import pipeline
    from clusterc.cli._run import show_errors

    source = checked.source
    if source is None:
        raise CannotRun(f"{checked.path}: cannot be read")
    findings = [finding for setting in settings for finding in setting.findings]
    texts = {setting.name: setting.text for setting in settings} | {source.file: source.text}
    for setting in settings:
        source = _changed(source, setting)
    again = pipeline.resolved(pipeline.check(source, path=checked.path, root=checked.root))
    if findings or again.cluster is None:
        show_errors(findings or again.findings, texts)
        raise HasErrors("the spec means nothing with these settings")
    return again


def _changed(source: Source, setting: Setting) -> Source:
    """Return the source with one value changed; what stands there and below it has its places in the setting."""
    if setting.value is None:
        return source
    data = copy.deepcopy(source.data)
    path = _put(data, setting, setting.value.data)
    whole = Span(setting.name, 1, 1, len(setting.text.partition("\n")[0]) + 1)
    return Source(
        source.file,
        source.text,
        data,
        _moved(source.values, setting.value.values, path, whole),
        _moved(source.keys, setting.value.keys, path, whole),
    )


def _moved(old: Any, new: Any, path: Path, whole: Span) -> dict[Path, Span]:
    kept = {place: span for place, span in old.items() if place[: len(path)] != path}
    return kept | {path: whole} | {(*path, *place): span for place, span in new.items()}


def _put(data: Any, setting: Setting, value: Any) -> Path:
    """Write a value into the data, making the mappings on the way, and return its path."""
    parts = split_name(setting.path)
    if parts[0] not in _ROOTS:
        parts = ["spec", *parts]
    path: list[Step] = []
    node = data
    for part in parts[:-1]:
        path.append(_step(node, part, setting, Source("", "", data).name(tuple(path))))
        if isinstance(node, dict) and node.get(part) is None:
            node[part] = {}
        node = node[path[-1]]
    path.append(_step(node, parts[-1], setting, Source("", "", data).name(tuple(path))))
    node[path[-1]] = value
    return tuple(path)


def _step(node: Any, part: str, setting: Setting, where: str) -> Step:
    """Return the key or index that a part of a path means in a node."""
    if isinstance(node, dict):
        return part
    if not isinstance(node, list):
        raise CannotRun(f"{setting.name}: {where} is {node!r} and has nothing inside it; set {where} as a whole")
    names = [item.get("name") if isinstance(item, dict) else None for item in node]
    if part in names:
        return names.index(part)
    # What has a name is called by it: a position means another item once one is put before it.
    if part.isdecimal() and int(part) < len(node) and not any(names):
        return int(part)
    known = ", ".join(str(name) for name in names if name) or f"{len(node)} items, from 0 on"
    raise CannotRun(f"{setting.name}: {where} has no {part}; it has {known}")
