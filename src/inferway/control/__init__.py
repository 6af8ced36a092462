"""Management interfaces: the AWS-compatible control plane."""
