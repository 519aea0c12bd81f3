"""A script's error says where and why, and nothing shows a script's text by accident."""

from gateway.errors import RenderError, ScriptError
from gateway.script import Script, ScriptAnswer, ScriptOutcome


def test_an_error_says_which_script_and_where_and_why():
    error = ScriptError("otp", "NameError: name 'cod' is not defined", line=3, source_line="  cod + 1")
    assert str(error) == "script 'otp', line 3 (`cod + 1`): NameError: name 'cod' is not defined"


def test_an_error_without_a_place_says_which_script_and_why():
    assert str(ScriptError("otp", "it was stopped after 200 ms")) == "script 'otp': it was stopped after 200 ms"


def test_an_error_of_a_script_is_one_of_rendering():
    assert issubclass(ScriptError, RenderError)


def test_what_is_shown_of_values_holds_no_source_and_no_body():
    shown = repr((Script("a", "secret"), ScriptOutcome("secret", "secret"), ScriptAnswer(200, (), b"secret")))
    assert "secret" not in shown
