"""Table of contents of the Pipes package."""

from messaging.kernel.service import Service
from messaging.pipes import models, tick, topology
from messaging.pipes.operations import pipes, tags

SERVICE = Service("pipes", (pipes, tags), tick=tick, topology=topology, tables=(models.Pipe,))
