"""Terms: the expressions that a template may be made of, worked out on what a recorded call met."""
