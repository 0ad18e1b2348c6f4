"""AWS's wire protocols, both directions, from botocore's service models.

    HTTP request ─ detect ─→ service, operation, protocol
                 ─ identify ─→ sandbox, account, principal
                 ─ <protocol>.parse ─→ parameters ─→ the engine ─→ result
                 ─ <protocol>.serialise ─→ HTTP response

A module per protocol has the same three functions: ``parse``, ``serialise``, ``serialise_error``.
What a shape looks like in a body is in ``document_…`` (JSON and CBOR), ``forms`` (query strings)
and ``xml_…``: one function per shape, composed on first use and kept. The wire knows no service's
rules: ranges, limits and names are checked by the operations.

Timestamps are integer milliseconds since 1970 in parameters and results, blobs are bytes. A
parameter that the model does not know is dropped, as AWS does.
"""
