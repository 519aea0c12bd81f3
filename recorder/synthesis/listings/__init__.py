"""Lists: what is listed, which parameters choose and order it, and what is told of the whole."""
