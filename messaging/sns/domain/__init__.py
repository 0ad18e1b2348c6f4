"""Pure rules of SNS: no Django, no botocore, no clock, no chance."""
