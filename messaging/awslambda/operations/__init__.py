"""One function for each operation of AWS Lambda."""
