"""The screens in a real Chromium, over the whole running system."""
