"""The documents, and the shelves they stand on: exchanges, cassettes, definitions, keys, stores."""
