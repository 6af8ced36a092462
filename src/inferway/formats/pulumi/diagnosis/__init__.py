"""What is wrong with a Pulumi program, and where: from its text, from what its SDKs declare, from how it ended."""
