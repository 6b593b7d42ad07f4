"""What a customer, the bot and staff said to each other; one owner at a time."""
