"""From recordings to definitions: one step a file, each a pure function of what the step before it found."""
