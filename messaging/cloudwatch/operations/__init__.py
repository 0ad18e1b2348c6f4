"""One function per operation of CloudWatch, filed by noun."""
