"""Kinds that are not Kubernetes' own are checked by the API server too, once a module's definitions are installed."""

from __future__ import annotations

import pytest

from conformance.control_plane.client import Client
from conformance.control_plane.crds import install, source
from conformance.control_plane.objects import Object, Places
from conformance.programs import MissingProgramError

# A definition that comes with the components' own module.
MODULE, VERSION, FOLDER = "k8s.io/apiextensions-apiserver", "v0.37.2", "pkg/test/example"
STRICT = {"dryRun": "All", "fieldValidation": "Strict"}


def export(**spec: object) -> Object:
    return {"apiVersion": "apis.kcp.io/v1alpha1", "kind": "APIExport", "metadata": {"name": "e"}, "spec": spec}


@pytest.mark.parametrize("plane", ["lab-10"], indirect=True)
def test_a_custom_object_is_taken_and_its_spoilt_copies_refused(admin: Client, places: Places) -> None:
    assert install(admin, MODULE, VERSION, FOLDER) == ["apiexports.apis.kcp.io"]
    collection = places.collection(export())
    assert admin.post(collection, export(latestResourceSchemas=["v1.things.example.org"]), **STRICT).status == 201
    spoilt = [
        export(latestResourceSchemaz=[]),
        export(latestResourceSchemas="v1"),
        export(permissionClaims=[{"group": "Not A Group"}]),
    ]
    assert [admin.post(collection, copy, **STRICT).status for copy in spoilt] == [400, 422, 422]


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingProgramError, match=r"k8s\.io/apiextensions-apiserver@v0\.0\.1 cannot be had"):
        source(MODULE, "v0.0.1")


@pytest.mark.parametrize("plane", ["lab-10"], indirect=True)
def test_a_folder_without_definitions_is_named(admin: Client) -> None:
    with pytest.raises(MissingProgramError, match="has no CustomResourceDefinition below pkg/apis/apiextensions/v1"):
        install(admin, MODULE, VERSION, "pkg/apis/apiextensions/v1")
