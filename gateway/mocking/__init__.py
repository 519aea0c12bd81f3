"""How a definition answers by itself: which of its responses it is, and how that is made."""
