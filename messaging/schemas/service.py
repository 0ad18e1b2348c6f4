"""Table of contents of the Schemas package."""

from messaging.kernel.service import Service
from messaging.schemas import models, topology
from messaging.schemas.operations import (
    bindings,
    discoverers,
    policies,
    registries,
    schemas,
    tags,
    versions,
)

SERVICE = Service(
    "schemas",
    (bindings, discoverers, policies, registries, schemas, tags, versions),
    topology=topology,
    tables=(
        models.Registry,
        models.Schema,
        models.Version,
        models.CodeBinding,
        models.Discoverer,
    ),
)
