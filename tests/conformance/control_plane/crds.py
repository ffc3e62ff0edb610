"""CustomResourceDefinitions out of a Go module, so that an API server knows kinds that are not its own."""

from __future__ import annotations

import json
import re
from functools import cache, partial
from pathlib import Path

from conformance.control_plane.client import YAML, Client
from conformance.control_plane.objects import Object
from conformance.control_plane.processes import soon
from conformance.programs import MissingProgramError, go, last_words, run

COLLECTION = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DEFINITION = re.compile(r"(?m)^kind: CustomResourceDefinition$")
BETWEEN = re.compile(r"(?m)^---.*\n")


def install(client: Client, module: str, version: str, folder: str) -> list[str]:
    """Create every definition below a module's folder, wait until all are served, and return their names."""
    files = sorted((source(module, version) / folder).rglob("*.yaml"))
    texts = [text for file in files for text in BETWEEN.split(file.read_text()) if DEFINITION.search(text)]
    if not texts:
        raise MissingProgramError(f"{module}@{version} has no CustomResourceDefinition below {folder}")
    made = [client.ask("POST", COLLECTION, text.encode(), content=YAML) for text in texts]
    definitions = [answer.expect() for answer in made]
    for definition in definitions:
        if not soon(partial(_is_served, client, definition)):
            raise MissingProgramError(f"{definition['metadata']['name']} of {module}@{version} is not served")
    return [definition["metadata"]["name"] for definition in definitions]


def _is_served(client: Client, definition: Object) -> bool:
    spec = definition["spec"]
    found = [client.get(f"/apis/{spec['group']}/{each['name']}") for each in spec["versions"] if each["served"]]
    kind = spec["names"]["kind"]
    return all(answer.ok and kind in {row["kind"] for row in answer.data["resources"]} for answer in found)


@cache
def source(module: str, version: str) -> Path:
    """Return the folder of a Go module's source, fetched once by Go itself."""
    result = run([go(), "mod", "download", "-json", f"{module}@{version}"])
    if result.returncode != 0:
        raise MissingProgramError(f"{module}@{version} cannot be had:\n{last_words(result)}")
    return Path(json.loads(result.stdout)["Dir"])
