"""Time and the actors that live in it: producers and consumers that call AWS as clients do.

A sandbox moves in *moments*. The engine looks for the earliest thing that is due (a service's
timer, a packet of the outbox, an actor), sets the world's time to it and lets it happen; then it
looks again. Nothing here waits for the wall clock but ``runner``, which turns wall seconds into
moments; a test or a button that moves time calls the same engine.

    runner ──posts──▶ executor ──▶ engine.advance ──▶ dispatch.run_due      services, outbox
                                          │
                                          ├────────▶ tray                 faults start and end
                                          └────────▶ behaviours.<kind>.act  ──▶ dispatch.run

A paused world does not move: calls are answered, but nothing happens by itself. An actor throws
dice of its own, derived from the sandbox's seed, its key and how often it took them up; so the same
seed and the same commands give the same log, and one more actor changes nobody else's dice.

A world that cannot keep up (a high rate, a server that was switched off for a night) never skips
what is due: its clock is set back to the time that was reached, and goes on from there.

A fault (``faults``, ``tray``, ``chaos``) is put on an actor or a queue for a while. Its start and
its end are moments of the world like any other; an actor's ``Stage`` says what it feels. It has
dice of its own seed, so it changes nobody's dice.

Not modelled yet: actors that call anything but SQS.
"""
