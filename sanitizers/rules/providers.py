"""Provider tokens: credentials that a provider made recognisable by a prefix or a fixed form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.hint import Hint
from sanitizers.rule import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMS: Final[dict[str, str]] = {
    "jwt": r"eyJ[\w-]{8,}(?:\.[\w-]*){2,4}",
    "aws-key-id": r"A(?:KIA|SIA|GPA|IDA|ROA|IPA|NPA|NVA)[A-Z2-7]{16}(?![A-Za-z0-9])",
    "github-token": r"gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_[A-Za-z0-9_]{22,255}",
    "gitlab-token": r"gl(?:pat|rt|dt|cbt|ptt|ft|soat|agent|imt)-[\w-]{16,}",
    "slack-token": r"xox[abceoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}",
    "slack-hook": r"(?<=hooks\.slack\.com/services/)[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]{16,}",
    "stripe-key": r"[spr]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}",
    "google-key": r"AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|1//0[\w-]{30,}",
    "model-key": r"sk-(?:ant-|proj-|svcacct-|or-v1-|lf-)?[A-Za-z0-9][\w-]{18,}|(?:hf|gsk)_[A-Za-z0-9]{30,}",
    "registry-token": r"npm_[A-Za-z0-9]{30,}|pypi-[\w-]{40,}|dckr_pat_[\w-]{20,}",
    "mail-key": r"SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{32}-us\d{1,2}(?!\w)",
    "twilio-id": r"(?:AC|SK)[0-9a-f]{32}(?![0-9a-fA-F])",
    "vault-token": r"hv[sbr]\.[\w-]{20,}|dop_v1_[0-9a-f]{40,}|shp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}|PMAK-[0-9a-f-]{40,}",
    "azure-key": r"[A-Za-z0-9+/]{86}==",
}
_ANY: Final = re.compile(
    r"(?<![A-Za-z0-9_])(?:" + "|".join(f"(?P<{name.replace('-', '_')}>{form})" for name, form in _FORMS.items()) + ")"
)
_HINT: Final = Hint(
    r"eyJ|A[KSGIRN][IPODV]A|gh[pousr]_|github_pat|gl[a-z]{2,5}-|xox|xapp-|slack\.com|k_(?:live|test)_|whsec_|AIza|ya29|GOCSPX"
    r"|1//0|sk-|hf_|gsk_|npm_|pypi-|dckr_|SG\.|key-|-us\d|(?:AC|SK)[0-9a-f]|hv[sbr]\.|dop_v1|shp[a-z]{2}_|PMAK|=="
)


class ProviderTokens:
    """The rule of recognisable credentials, wherever they stand."""

    name = "providers"

    def spans(self, text: str) -> Iterator[Span]:
        if len(text) < 14 or not _HINT(text):
            return
        for match in _ANY.finditer(text):
            assert match.lastgroup is not None
            yield Span(match.start(), match.end(), match.lastgroup.replace("_", "-"))


PROVIDERS: Final = ProviderTokens()
