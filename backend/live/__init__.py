"""What clients see of a conversation: numbered session events, kept, then pushed after commit."""
