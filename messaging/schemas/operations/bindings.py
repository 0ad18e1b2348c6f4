"""Code bindings: ask for them, look whether they are there, get them."""

from collections.abc import Mapping
from typing import Any

from messaging.kernel.context import Context
from messaging.schemas import transitions
from messaging.schemas.addressing import own_schema, schema_of, version_of
from messaging.schemas.domain import content
from messaging.schemas.domain.bindings import packing
from messaging.schemas.domain.names import AWS_REGISTRY
from messaging.schemas.errors import NotFoundException
from messaging.schemas.models import CodeBinding, Schema, Version


def put_code_binding(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the code of a version, the newest one unless told; asked again it is made anew."""
    packing.check_language(req["Language"])
    schema = schema_of(ctx, req) if req["RegistryName"] == AWS_REGISTRY else own_schema(ctx, req)
    version = version_of(schema, req.get("SchemaVersion"))
    binding = _find(ctx, schema, version, req["Language"])
    seq = transitions.tell(
        ctx, "schemas.CodeBindingPut", schema.arn, version=version.number, language=req["Language"]
    )
    if binding is None:
        binding = CodeBinding(
            id=ctx.new_id(), sandbox=ctx.sandbox, schema_arn=schema.arn, number=version.number,
            language=req["Language"], created_at=ctx.now, modified_at=ctx.now, seq=seq,
        )  # fmt: skip
        binding.save(force_insert=True)
    else:
        binding.modified_at = ctx.now
        binding.save(update_fields=("modified_at",))
    return _shown(binding, "CREATE_IN_PROGRESS")


def describe_code_binding(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return that the code of a version is there; raises NotFoundException until it is."""
    return _shown(_binding(ctx, req)[0], "CREATE_COMPLETE")


def get_code_binding_source(ctx: Context, req: Mapping[str, Any]) -> dict[str, Any]:
    """Return the code of a version as a zip."""
    _, schema, version = _binding(ctx, req)
    document = content.read(version.type, version.content)
    files = packing.bindings(document, name=schema.name, language=req["Language"])
    return {"Body": packing.packed(files)}


def _binding(ctx: Context, req: Mapping[str, Any]) -> tuple[CodeBinding, Schema, Version]:
    language = req["Language"]
    packing.check_language(language)
    schema = schema_of(ctx, req)
    version = version_of(schema, req.get("SchemaVersion"))
    found = _find(ctx, schema, version, language)
    if found is None:
        raise NotFoundException(
            f"Code binding in {language} for version {version.number} of schema {schema.name}"
            " does not exist."
        )
    return found, schema, version


def _find(ctx: Context, schema: Schema, version: Version, language: str) -> CodeBinding | None:
    return CodeBinding.objects.filter(
        sandbox=ctx.sandbox, schema_arn=schema.arn, number=version.number, language=language
    ).first()


def _shown(binding: CodeBinding, status: str) -> dict[str, Any]:
    return {
        "CreationDate": binding.created_at, "LastModified": binding.modified_at,
        "SchemaVersion": str(binding.number), "Status": status,
    }  # fmt: skip
