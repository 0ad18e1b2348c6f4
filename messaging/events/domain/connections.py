"""Connections: which authorisation is whole, what of it is shown, and what it adds to a call (P10).

An OAuth connection stays AUTHORIZING here: no token is asked for, so its destinations are inactive.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from messaging.events.errors import ValidationException

Auth = Mapping[str, Any]
AUTHORIZED: Final = "AUTHORIZED"
AUTHORIZING: Final = "AUTHORIZING"
DEAUTHORIZED: Final = "DEAUTHORIZED"
OAUTH: Final = "OAUTH_CLIENT_CREDENTIALS"
_BLOCKS: Final = {
    "API_KEY": "ApiKeyAuthParameters",
    "BASIC": "BasicAuthParameters",
    OAUTH: "OAuthParameters",
}
_NEEDED: Final = {
    "API_KEY": ("ApiKeyName", "ApiKeyValue"),
    "BASIC": ("Username", "Password"),
    OAUTH: ("ClientParameters", "AuthorizationEndpoint", "HttpMethod"),
}
_KINDS: Final = ("HeaderParameters", "QueryStringParameters", "BodyParameters")
_HIDDEN: Final = ("ApiKeyValue", "Password")


def check_auth(kind: str, auth: Auth) -> None:
    """Check that what a kind of authorisation needs is there; raises ValidationException."""
    block = auth.get(_BLOCKS[kind]) or {}
    if any(not block.get(name) for name in _NEEDED[kind]):
        raise ValidationException.of(_BLOCKS[kind], reason="Missing required field(s).")
    if kind == OAUTH and not block["AuthorizationEndpoint"].startswith("https://"):
        raise ValidationException.of("AuthorizationEndpoint")


def merge_auth(kind: str, known: Auth, changed: Auth) -> dict[str, Any]:
    """Return the parameters after UpdateConnection: what is not said stays as it is."""
    name = _BLOCKS[kind]
    merged = {name: {**(known.get(name) or {}), **(changed.get(name) or {})}}
    common = changed.get("InvocationHttpParameters", known.get("InvocationHttpParameters"))
    return merged if common is None else {**merged, "InvocationHttpParameters": common}


def state_of(kind: str) -> str:
    """Return the state of a connection that was just made."""
    return AUTHORIZING if kind == OAUTH else AUTHORIZED


def shown_auth(kind: str, auth: Auth) -> dict[str, Any]:
    """Return what a describing call shows: no password, no key, no value that is secret."""
    name = _BLOCKS[kind]
    block = {key: value for key, value in auth[name].items() if key not in _HIDDEN}
    if kind == OAUTH:
        block["ClientParameters"] = {"ClientID": block["ClientParameters"]["ClientID"]}
        if "OAuthHttpParameters" in block:
            block["OAuthHttpParameters"] = _shown_http(block["OAuthHttpParameters"])
    shown: dict[str, Any] = {name: block}
    if "InvocationHttpParameters" in auth:
        shown["InvocationHttpParameters"] = _shown_http(auth["InvocationHttpParameters"])
    return shown


def call_of(
    kind: str, auth: Auth, *, endpoint: str, method: str, parameters: Auth, text: str
) -> tuple[str, str]:
    """Return the address to call, and the call as JSON; ``parameters`` are the target's."""
    common = auth.get("InvocationHttpParameters") or {}
    for value in parameters.get("PathParameterValues") or ():
        endpoint = endpoint.replace("*", value, 1)
    query = {**(parameters.get("QueryStringParameters") or {})}
    query |= _pairs(common.get("QueryStringParameters"))
    if query:
        endpoint += ("&" if "?" in endpoint else "?") + urlencode(query)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Amazon/EventBridge/ApiDestinations",
        **(parameters.get("HeaderParameters") or {}),
        **_pairs(common.get("HeaderParameters")),
        **_credentials(kind, auth),
    }
    body = _with_more(text, _pairs(common.get("BodyParameters")))
    call = {"method": method, "headers": headers, "body": body, "timeout_s": 5}
    return endpoint, orjson.dumps(call).decode()


def _credentials(kind: str, auth: Auth) -> dict[str, str]:
    if kind == "API_KEY":
        block = auth["ApiKeyAuthParameters"]
        return {block["ApiKeyName"]: block["ApiKeyValue"]}
    block = auth.get("BasicAuthParameters") or {}
    pair = f"{block.get('Username', '')}:{block.get('Password', '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _with_more(text: str, more: Mapping[str, str]) -> str:
    """Return a body with more members, where it is a JSON object."""
    try:
        body = orjson.loads(text) if more else None
    except orjson.JSONDecodeError:
        return text
    return orjson.dumps({**body, **more}).decode() if isinstance(body, dict) else text


def _pairs(listed: Any) -> dict[str, str]:
    return {each["Key"]: each.get("Value", "") for each in listed or ()}


def _shown_http(common: Auth) -> dict[str, Any]:
    return {
        kind: [
            {key: value for key, value in each.items() if key != "Value" or not _is_secret(each)}
            for each in common[kind]
        ]
        for kind in _KINDS
        if common.get(kind)
    }


def _is_secret(parameter: Auth) -> bool:
    return bool(parameter.get("IsValueSecret"))
