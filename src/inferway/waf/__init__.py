"""A web application firewall: web ACLs compiled to what says of each request whether it may go on."""
