"""Values for any shape of a service model, as botocore takes them, and as the engine holds them."""

from datetime import UTC, datetime, timedelta

from botocore.model import Shape
from hypothesis import strategies as st

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = datetime(2026, 11, 21, 7, 40, 59, tzinfo=UTC)
TEXT = "a <b> & \"c\" 'd' \u00e9\u6f22\U0001f41b;=/+%20"
PLAIN = "plain-text-1.0"

PLACED = ("header", "headers", "uri", "querystring")


def sample(shape: Shape, *, deep: int = 0, seen: tuple[str, ...] = ()) -> object:
    """Return a value that fills every member of ``shape``; a shape inside itself is left out."""
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, deep, seen)
    if kind == "list":
        return [sample(shape.member, deep=deep + i, seen=seen) for i in range(2)]
    if kind == "map":
        return {
            key: sample(shape.value, deep=deep + i, seen=seen) for i, key in enumerate(_keys(shape))
        }
    return _scalar(shape, deep)


def engine(shape: Shape, value: object) -> object:
    """Return a botocore value as the engine holds it: timestamps are milliseconds."""
    if shape.type_name == "structure":
        return {name: engine(shape.members[name], item) for name, item in value.items()}
    if shape.type_name == "list":
        return [engine(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: engine(shape.value, item) for key, item in value.items()}
    if shape.type_name == "timestamp":
        return (value - EPOCH) // timedelta(milliseconds=1)
    return value


def values(shape: Shape, *, hollow: bool = True, seen: tuple[str, ...] = ()) -> st.SearchStrategy:
    """Return a strategy for values of ``shape`` that travel in a body.

    Without ``hollow`` no structure is empty: forms cannot say that one is there with nothing in it.
    """
    kind = shape.type_name
    if kind == "structure":
        return _structures(shape, hollow, seen)
    if kind == "list":
        return st.lists(values(shape.member, hollow=hollow, seen=seen), min_size=1, max_size=3)
    if kind == "map":
        inner = values(shape.value, hollow=hollow, seen=seen)
        return st.dictionaries(_texts(), inner, min_size=1, max_size=3)
    return _SCALARS[kind]


def _structures(shape: Shape, hollow: bool, seen: tuple[str, ...]) -> st.SearchStrategy:
    members = {
        name: values(member, hollow=hollow, seen=(*seen, shape.name))
        for name, member in shape.members.items()
        if member.name not in seen and (hollow or getattr(member, "members", True))
    }
    if shape.is_tagged_union:
        return st.one_of([st.fixed_dictionaries({name: one}) for name, one in members.items()])
    required = {name: members.pop(name) for name in shape.required_members if name in members}
    if hollow or required or not seen or not members:
        return st.fixed_dictionaries(required, optional=members)
    first = next(iter(members))
    required[first] = members.pop(first)
    return st.fixed_dictionaries(required, optional=members)


def _structure(shape: Shape, deep: int, seen: tuple[str, ...]) -> dict[str, object]:
    members = {n: m for n, m in shape.members.items() if m.name not in seen}
    if shape.is_tagged_union:
        names = list(members)
        members = {names[deep % len(names)]: members[names[deep % len(names)]]}
    return {
        name: sample(member, deep=deep, seen=(*seen, shape.name))
        for name, member in members.items()
    }


def _keys(shape: Shape) -> list[str]:
    if getattr(shape.key, "enum", None):
        return list(shape.key.enum)[:2]
    return ["first-key", "second-key"]


def _scalar(shape: Shape, deep: int) -> object:
    placed = shape.serialization.get("location") in PLACED
    if shape.type_name == "string":
        if getattr(shape, "enum", None):
            return shape.enum[deep % len(shape.enum)]
        return PLAIN if placed else f"{TEXT}{deep}"
    return {
        "blob": b"\x00\xff<blob>" + bytes((deep,)),
        "boolean": deep % 2 == 0,
        "double": 1.5 + deep,
        "float": 0.25 + deep,
        "integer": 7 + deep,
        "long": 2**40 + deep,
        "timestamp": MOMENT + timedelta(days=deep),
    }[shape.type_name]


def _texts() -> st.SearchStrategy[str]:
    # XML holds no control characters, and reads a carriage return of a document as a line feed.
    return st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"),
        min_size=1,
        max_size=12,
    )


_SCALARS = {
    "blob": st.binary(max_size=16),
    "boolean": st.booleans(),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "float": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "string": _texts(),
    "timestamp": st.integers(10**6, 4 * 10**9).map(
        lambda seconds: EPOCH + timedelta(seconds=seconds)
    ),
}
