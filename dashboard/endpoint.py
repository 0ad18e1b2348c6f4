"""The four lines that point AWS clients at a sandbox."""

from django.http import HttpRequest

from dashboard.console.door import base_url, first_account
from messaging.engine import engine
from messaging.kernel.access import secret_of
from messaging.kernel.models import Sandbox

_ANY = "test"


def endpoint_lines(request: HttpRequest, sandbox: Sandbox) -> list[str]:
    """Return the lines to paste in a terminal: address, key, secret, region.

    On one's own machine every key reaches the default sandbox, so the tools' usual one is named.
    """
    account = first_account(sandbox)
    key, secret = _ANY, _ANY
    if not (sandbox.is_default and engine().single_user):
        issued = account.keys.order_by("created_at")[0]
        key, secret = issued.key_id, secret_of(issued.key_id)
    variables = {
        "AWS_ENDPOINT_URL": base_url(request),
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": account.home_region,
    }
    return [f"export {name}={value}" for name, value in variables.items()]
