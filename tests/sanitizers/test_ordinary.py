from sanitizers.ordinary import ORDINARY


def test_words_are_small_and_names_that_mean_nothing_else_are_not_among_them():
    assert {"may", "will", "paris", "grant", "page", "rose", "madison"} <= ORDINARY
    assert all(word == word.lower() and word.isalpha() for word in ORDINARY)
    assert ORDINARY.isdisjoint({"jansen", "bilal", "smith", "garcia", "nguyen", "müller", "ivanov", "fatima", "john"})
