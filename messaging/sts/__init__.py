"""AWS STS, as far as clients need it to find out who they are.

Modelled: GetCallerIdentity. Not modelled: sessions and roles (they answer 501 and say so).
"""
