"""Table of contents of the STS package."""

from messaging.kernel.service import Service
from messaging.sts.operations import identity

SERVICE = Service("sts", (identity,))
