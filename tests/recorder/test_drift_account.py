"""A drift run is counted, and given as plain values without anything of a request but its line."""

from journeys import TOKEN, bearer, call, kept

from recorder.comparison import Difference
from recorder.drift_account import Seen, counts, drift_document

READ, WRITE = kept(call("GET", "/a", headers=bearer()), call("POST", "/a", {"y": 1}, status=204))
SEEN = [
    Seen(
        READ, "drifted", "", (Difference("response.body $.x", "value", "1", "0"),), ("request.headers.authorization",)
    ),
    Seen(WRITE, "skipped", "POST may change something"),
]


def test_a_run_is_given_as_plain_values():
    assert counts(SEEN) == {"same": 0, "drifted": 1, "unknown": 0, "skipped": 1}
    assert drift_document("c", "http://live.test", SEEN) == {
        "cassette": "c", "upstream": "http://live.test", "same": 0, "drifted": 1, "unknown": 0, "skipped": 1,
        "interactions": [
            {
                "interaction": 1, "session": "", "method": "GET", "target": "/a", "outcome": "drifted",
                "stand_ins": ["request.headers.authorization"],
                "differences": [
                    {"place": "response.body $.x", "pointer": "/x", "sort": "value", "recorded": "1", "live": "0"},
                ],
            },
            {
                "interaction": 2, "session": "", "method": "POST", "target": "/a", "outcome": "skipped",
                "reason": "POST may change something",
            },
        ],
    }  # fmt: skip
    assert TOKEN not in repr(SEEN)
