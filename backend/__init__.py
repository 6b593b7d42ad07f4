"""The care centre: whatever remembers or acts. Who may import whom is written in ARCHITECTURE.md."""
