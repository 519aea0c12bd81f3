"""Scripts made to take a gateway's time, memory, files or processes."""

from __future__ import annotations

from typing import Final

SCRIPTS: Final = {
    "an-endless-loop": "while True:\n    pass",
    "a-huge-range": "return sum(range(10**12))",
    "a-huge-list": "return [0] * 10**10",
    "a-huge-number": "return 2**10**8",
    "deep-recursion": "def f(n):\n    return f(n + 1)\nreturn f(0)",
    "a-file": "return open('/etc/passwd').read()",
    "import-os": "import os\nreturn os.environ",
    "import-socket": "import socket\nreturn 1",
    "import-subprocess": "import subprocess\nreturn 1",
    "a-fork-bomb": "import os\nwhile True:\n    os.fork()",
    "a-gigabyte": "return 'a' * 10**9",
    "much-printed": "while True:\n    print('a' * 10000)",
    "a-regex": "import re\nreturn re.match('(a+)+$', 'a' * 40 + '!')",
    "a-large-answer": "return ['a' * 1000] * 100000",
    "shared-lists": "x = []\nfor i in range(40):\n    x = [x, x]\nreturn x",
    "a-doubled-text": "x = 'a'\nfor i in range(60):\n    x = x + x\nreturn x",
    "many-calls": "for i in range(10**6):\n    state.incr('a')",
    "classes": "return ().__class__.__bases__[0].__subclasses__()",
    "eval": "return eval('open(\\'/etc/passwd\\').read()')",
    "a-header-of-two-lines": "return {'status': 200, 'headers': {'X-A': 'a\\r\\nB: c'}, 'body': 'x'}",
}
