"""Runs a Lambda handler as a local function: the Invoke API in front of a pool of handler processes."""
