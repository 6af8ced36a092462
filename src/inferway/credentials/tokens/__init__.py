"""JSON Web Tokens: read strictly, verified with an issuer's published keys, held to what is demanded of them."""
