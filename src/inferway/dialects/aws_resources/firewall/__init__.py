"""Web ACLs and what they refer to, as CloudFormation, Pulumi and the service's own API write them."""
