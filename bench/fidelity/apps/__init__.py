"""Small services of our own, for what the packaged ones lack: deterministic but for ids, tokens and times."""
