"""How behaviour gets in: captured from traffic, kept as cassettes, played back."""
