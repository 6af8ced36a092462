"""Who a request comes from: signatures, and what their signers may do."""
