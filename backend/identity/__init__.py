"""Who someone is, what they may do, and the secrets we keep for them."""
