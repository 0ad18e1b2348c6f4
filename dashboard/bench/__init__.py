"""How fast is it? Lean clients that load an SQS endpoint or the engine, and say what came back.

An HTTP scenario is a set of *scripts*: generators that yield a request and are sent its reply, each
played on a keep-alive connection of its own, one request in flight (http.py plays, scripts.py are
the roles, calls.py writes the requests). A *meter* counts only while its window is open, so warm-up
and clearing up are in no figure. Errors are counted and shown, never retried out of sight.

``engine`` runs in a process of its own, without HTTP; ``screen`` adds websocket viewers. The server
under load is ``manage.py start`` with a database that is thrown away, or any ``--endpoint``.
"""
