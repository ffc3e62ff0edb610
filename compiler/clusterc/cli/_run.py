"""Reading and building specs for the commands, one after another or on several cores."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from clusterc.cli._exit import CannotRun, HasErrors
from clusterc.cli._inputs import Input
from clusterc.diagnostics import Finding, Related, Severity, Span, has_errors
from clusterc.pipeline import Checked, read, resolved

NAME = ("metadata", "name")


@dataclass(frozen=True, slots=True)
class Read:
    """What reading one spec gave; `ran` counts the checks that looked at it.

    `cluster` is the name of the cluster that it describes and `named_at` where that stands, as far as they are known.
    """

    name: str
    texts: Mapping[str, str]
    findings: tuple[Finding, ...]
    checked: Checked | None = None
    unreadable: bool = False
    ran: int = 0
    cluster: str = ""
    named_at: Span | None = None


def read_one(item: Input) -> Read:
    """Read and check one spec; a file that cannot be opened is said so on stderr."""
    try:
        checked = read(item.path, name=item.name, root=item.root)
    except OSError as error:
        click.echo(f"clusterc: {item.name}: {error.strerror or error}", err=True)
        return Read(item.name, {}, (), unreadable=True)
    text = checked.source.text if checked.source else text_of(item.path)
    texts = {item.name: text} | _further_texts(checked.findings, item)
    result = Read(item.name, texts, checked.findings, checked, ran=checked.ran)
    if checked.spec is None or checked.source is None:
        return result
    return replace(result, cluster=checked.spec.metadata.name, named_at=checked.source.span(NAME))


def read_all(inputs: Sequence[Input]) -> list[Read]:
    """Read and check every spec."""
    return with_repeated([read_one(item) for item in inputs])


def with_repeated(results: Sequence[Read]) -> list[Read]:
    """Return what was read with a finding for every spec whose cluster has the name of an earlier one's."""
    first: dict[str, Read] = {}
    found = []
    for result in results:
        earlier = first.setdefault(result.cluster, result) if result.cluster else result
        findings = () if earlier is result else (_repeated(result, earlier),)
        texts = {earlier.name: earlier.texts[earlier.name]} if findings else {}
        found.append(replace(result, findings=(*result.findings, *findings), texts={**result.texts, **texts}))
    return found


def _repeated(result: Read, earlier: Read) -> Finding:
    return Finding(
        id="CC0029",
        name="repeated-cluster",
        severity=Severity.ERROR,
        message=f"{earlier.name} describes a cluster called {result.cluster} too",
        file=result.name,
        path=".".join(NAME),
        span=result.named_at,
        related=(Related(".".join(NAME), "the other", earlier.named_at),),
        fix="give each cluster a name of its own, or name only one of the specs",
    )


def tally(results: Sequence[Read]) -> str:
    """Return in words how many checks ran, how many did not and why, and what they found."""
    from clusterc.check import checks, decided_checks
    from clusterc.report.findings import summary

    each, count = len(checks()) + len(decided_checks()), len(results)
    short = [each - result.ran for result in results if result.ran < each]
    skipped = f", {sum(short)} skipped because of errors" if short else ""
    findings = [finding for result in results for finding in result.findings]
    unread = sum(result.unreadable for result in results)
    told = [f"{unread} could not be read"] if unread else []
    found = ", ".join([*told, *([summary(findings)] if findings or not unread else [])])
    return f"{count} spec{'s' * (count != 1)}, {each} checks each{skipped}: {found}"


def read_right(argument: str) -> Checked:
    """Read the one spec that a command is about; its findings, if it has errors, are the command's answer."""
    item = _named(argument)
    checked, texts = _read_named(item)
    if has_errors(checked.findings):
        show_errors(checked.findings, texts)
        raise HasErrors(f"{argument}: mend its errors first")
    return checked


def read_resolved(argument: str) -> tuple[Checked, dict[str, str]]:
    """Read the one spec that a command is about and decide every value, though limits are exceeded; with its texts.

    What keeps its parts from meaning anything is the command's answer.
    """
    item = _named(argument)
    first, texts = _read_named(item)
    checked = resolved(first)
    if checked.cluster is None:
        show_errors(checked.findings, texts)
        raise HasErrors(f"{argument}: mend its errors first")
    return checked, texts | _further_texts(checked.findings, item)


def show_errors(findings: Sequence[Finding], texts: Mapping[str, str]) -> None:
    """Show on stderr what is wrong with a spec, where it has errors."""
    from clusterc.report.findings import full

    if has_errors(tuple(findings)):
        click.echo(full(findings, texts), err=True, nl=False)


def _named(argument: str) -> Input:
    from clusterc.cli._inputs import find_inputs

    inputs = find_inputs((argument,))
    if len(inputs) != 1:
        raise CannotRun(f"{argument}: name one spec, not a folder of {len(inputs)}")
    return inputs[0]


def _read_named(item: Input) -> tuple[Checked, dict[str, str]]:
    result = read_one(item)
    if result.checked is None:
        raise CannotRun(f"{item.name}: cannot be read")
    return result.checked, dict(result.texts)


def _further_texts(findings: Sequence[Finding], item: Input) -> dict[str, str]:
    """Return the texts of other files of the project that findings point at, as far as they can be read."""
    files = {finding.span.file for finding in findings if finding.span} - {item.name}
    found = {}
    for file in files:
        path = Path(file).resolve()
        if path.is_relative_to(item.root.resolve()) and path.is_file():
            with suppress(OSError):
                found[file] = text_of(path)
    return found


def text_of(path: Path) -> str:
    """Return the text of a file that is no spec, as far as it can be shown beside its findings."""
    with path.open("rb") as stream:
        return stream.read(1 << 20).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What building one spec gave, as small as it can be sent between processes."""

    read: Read
    status: str
    lines: tuple[str, ...] = ()
    differs: bool = False
    unusable: bool = False


def build_all(inputs: Sequence[Input], *, output: str, check: bool, replace: bool, jobs: int) -> Generator[Outcome]:
    """Build every spec and yield the outcomes in the order of the inputs; whoever stops early closes it."""
    from clusterc.cli._build import build_one

    work = partial(build_one, output=output, check=check, replace=replace)
    if len(inputs) == 1:
        yield work((0, inputs[0]), claims=None)
        return
    from tempfile import TemporaryDirectory

    from clusterc.cli._claims import Claims

    with TemporaryDirectory() as folder:
        numbered, work = list(enumerate(inputs)), partial(work, claims=Claims(Path(folder)))
        if jobs == 1:
            yield from map(work, numbered)
            return
        from clusterc.cli._workers import each

        with closing(each(work, numbered, jobs)) as outcomes:
            for item, outcome in zip(inputs, outcomes, strict=True):
                yield outcome or _lost(item)


def _lost(item: Input) -> Outcome:
    cause = "a process that built specs was killed; build it again, with fewer at once (-j) if memory was short"
    return Outcome(Read(item.name, {}, (), unreadable=True), f"{item.name}: not built: {cause}", unusable=True)
