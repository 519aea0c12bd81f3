"""Secrets planted in every place of an exchange never come out, in no encoding."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest

from cassettes.exchange import Chunk, Exchange, Request, Response
from sanitizers.oracle import occurrences
from sanitizers.pipeline import Sanitizer
from sanitizers.planted import PLANTED
from sanitizers.profile import PROFILES

KEY = b"k" * 32
PLACES = (
    "header",
    "cookie",
    "path",
    "query",
    "json",
    "json in json",
    "form",
    "multipart",
    "base64",
    "double url",
    "gzip",
    "events",
    "xml",
    "json key",
    "escaped",
    "utf-16",
    "hex",
    "octets",
    "trailer",
    "location",
)
