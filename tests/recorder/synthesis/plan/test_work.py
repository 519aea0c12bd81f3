from __future__ import annotations

from recorder.synthesis.plan.folder import Folder
from recorder.synthesis.plan.stages import Stage
from recorder.synthesis.plan.work import carry_out


def a_stage(folder, made, title="counting", count=3):
    files = [f"{title}/{place}.json" for place in range(count)]

    def make(place):
        made.append(files[place])
        folder.write_json(files[place], place)

    return Stage(title, files, make)


def test_each_file_is_made_once_and_a_finished_stage_is_not_done_again(tmp_path):
    folder, made, told = Folder(tmp_path), [], []
    stages = [a_stage(folder, made), a_stage(folder, made, "adding", 1)]
    folder.write_json("counting/1.json", 1)
    assert carry_out(stages, folder, lambda *words: told.append(words))
    assert made == ["counting/0.json", "counting/2.json", "adding/0.json"]
    assert told == [
        ("counting", 1, 3), ("counting", 2, 3), ("counting", 3, 3), ("adding", 0, 1), ("adding", 1, 1),
    ]  # fmt: skip
    assert carry_out(stages, folder, lambda *_: None)
    assert len(made) == 3


def test_what_another_is_at_is_waited_for(tmp_path):
    folder, made = Folder(tmp_path), []
    stage = a_stage(folder, made, count=2)
    with folder.claimed(stage.files[0]):
        # The other one ends while it is waited for: then its file is there.
        def watch(_, done, of):
            if (done, of) == (1, 2):
                folder.write_json(stage.files[0], 0)

        assert carry_out([stage], folder, watch)
    assert made == ["counting/1.json"]


def test_work_that_is_not_wanted_any_more_ends(tmp_path):
    folder, made = Folder(tmp_path), []
    assert not carry_out([a_stage(folder, made)], folder, lambda *_: None, lambda: len(made) < 2)
    assert made == ["counting/0.json", "counting/1.json"]
