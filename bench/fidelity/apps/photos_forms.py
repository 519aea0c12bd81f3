"""What the photo albums are asked: the bodies that FastAPI checks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class Account(BaseModel):
    username: str = Field(min_length=3, max_length=40, pattern=r"^[a-z0-9_.-]+$")
    password: str = Field(min_length=8)
    display_name: str | None = None


class Login(BaseModel):
    username: str
    password: str


class Refresh(BaseModel):
    refresh_token: str


class NewAlbum(BaseModel):
    title: str = Field(min_length=1, max_length=60)
    description: str | None = None
    visibility: Literal["private", "public"] = "private"


class AlbumChange(BaseModel):
    title: str | None = Field(None, min_length=1, max_length=60)
    description: str | None = None
    visibility: Literal["private", "public"] | None = None


class Share(BaseModel):
    role: Literal["viewer", "contributor"]


class NewPhoto(BaseModel):
    filename: str = Field(min_length=1)
    width: int = Field(gt=0, le=20_000)
    height: int = Field(gt=0, le=20_000)
    caption: str = ""
    tags: list[str] = []


class PhotoChange(BaseModel):
    caption: str | None = None
    tags: list[str] | None = None


class Line(BaseModel):
    photo_id: str
    size: str
    copies: int = Field(1, ge=1, le=50)


class NewOrder(BaseModel):
    items: list[Line] = Field(min_length=1)
    shipping: Literal["standard", "express", "pickup"] = "standard"
