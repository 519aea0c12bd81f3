"""LiteLLM's proxy: a vendor's chat API with keys and server-sent events, answering canned text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

KEY: Final = "sk-fidelity-master"
SETTINGS: Final = f"""
model_list:
  - model_name: plain
    litellm_params:
      model: openai/plain
      api_key: none
      mock_response: "Rivers carry what the hills let go. Größe, 日本語 and 🙂 travel along, word after word."
  - model_name: terse
    litellm_params: {{model: openai/terse, api_key: none, mock_response: "Yes."}}
general_settings: {{master_key: {KEY}}}
litellm_settings: {{telemetry: false, num_retries: 0}}
"""


class Litellm:
    """litellm[proxy] from PyPI without a database: it keeps nothing between sessions, and takes long to start."""

    name = "litellm"
    held_out = False
    keeps_nothing = True

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "litellm[proxy]")

    def prepare(self, folder: Path, port: int) -> Start:
        (folder / "config.yaml").write_text(SETTINGS, encoding="utf-8")
        return Start(
            [str(self._bin / "litellm"), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)],
            # Its price list is fetched from the internet otherwise.
            {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"},
            ready_path="/health/liveliness",
        )
