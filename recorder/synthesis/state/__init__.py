"""State: what calls hand out, make, change and end, beside what they answer."""
