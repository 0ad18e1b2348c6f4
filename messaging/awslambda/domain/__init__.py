"""The rules of AWS Lambda. Pure."""
