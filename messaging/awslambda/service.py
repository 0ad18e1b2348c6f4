"""Table of contents of the Lambda package."""

from messaging.awslambda import accept, addressing, models, outside, tick, topology
from messaging.awslambda.operations import (
    asynchronous,
    concurrency,
    functions,
    invoking,
    mappings,
    permissions,
    tags,
)
from messaging.kernel.service import Service

SERVICE = Service(
    "lambda",
    (asynchronous, concurrency, functions, invoking, mappings, permissions, tags),
    tick=tick,
    accept=accept.accept,
    topology=topology,
    tables=(models.Function, models.Mapping, models.Invocation),
    uncopied=(models.Code, models.Run),
    outside=outside,
    target_of=addressing.target_of,
)
