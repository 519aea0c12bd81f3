"""Photo albums in FastAPI: two users with views of their own, shares with roles, cursors, prints that are polled."""

from __future__ import annotations

import base64
from secrets import token_hex, token_urlsafe
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response

from bench.fidelity.apps.parts import now
from bench.fidelity.apps.photos_forms import (
    Account,
    AlbumChange,
    Line,
    Login,
    NewAlbum,
    NewOrder,
    NewPhoto,
    PhotoChange,
    Refresh,
    Share,
)

Row = dict[str, Any]

app: Final = FastAPI(openapi_url=None)
SIZES: Final[dict[str, Row]] = {
    "9x13": {"size": "9x13", "price_cents": 15, "min_pixels": 1_000},
    "10x15": {"size": "10x15", "price_cents": 19, "min_pixels": 1_200},
    "20x30": {"size": "20x30", "price_cents": 249, "min_pixels": 2_400},
    "50x70": {"size": "50x70", "price_cents": 1490, "min_pixels": 4_800},
}
SHIPPING: Final = {"standard": 390, "express": 990, "pickup": 0}
LIFE: Final = (("received", 0), ("rendering", 50), ("ready", 100))
MAY: Final = {"viewer": 1, "contributor": 2, "owner": 3}

_users: dict[str, Row] = {}
_access: dict[str, str] = {}
_refresh: dict[str, str] = {}
_albums: dict[str, Row] = {}
_photos: dict[str, Row] = {}
_orders: dict[str, Row] = {}
_keys: dict[tuple[str, str], tuple[Row, str]] = {}


def caller(authorization: Annotated[str, Header()] = "") -> str:
    if not authorization.startswith("Bearer "):
        raise HTTPException(401, "Not authenticated", {"WWW-Authenticate": "Bearer"})
    name = _access.get(authorization[7:])
    if name is None:
        raise HTTPException(401, "Token is invalid or expired", {"WWW-Authenticate": "Bearer"})
    return name


Caller = Annotated[str, Depends(caller)]


def tokens(name: str) -> Row:
    access, refresh = token_urlsafe(24), token_urlsafe(32)
    _access[access], _refresh[refresh] = name, name
    return {"access_token": access, "refresh_token": refresh, "token_type": "bearer", "expires_in": 900}


def role(album: Row, name: str) -> str | None:
    if album["owner"] == name:
        return "owner"
    return album["shares"].get(name) or ("viewer" if album["visibility"] == "public" else None)


def album_for(key: str, name: str, least: str = "viewer") -> Row:
    album = _albums.get(key)
    has = role(album, name) if album else None
    if album is None or has is None:
        raise HTTPException(404, "Album not found")
    if MAY[has] < MAY[least]:
        raise HTTPException(403, f"This needs the role {least}, you are {has}")
    return album


def photo_for(key: str, name: str, least: str = "viewer") -> Row:
    photo = _photos.get(key)
    if photo is None or role(_albums[photo["album_id"]], name) is None:
        raise HTTPException(404, "Photo not found")
    album_for(photo["album_id"], name, least)
    return photo


def album_view(album: Row, name: str) -> Row:
    shown = {key: value for key, value in album.items() if key != "shares"}
    mine = [photo for photo in _photos.values() if photo["album_id"] == album["id"]]
    cover = mine[0]["id"] if mine else None
    return {**shown, "photo_count": len(mine), "cover_photo_id": cover, "my_role": role(album, name)}


def photo_view(photo: Row, name: str) -> Row:
    shown = {key: value for key, value in photo.items() if key != "fans"}
    return {**shown, "favourite": name in photo["fans"], "favourite_count": len(photo["fans"])}


def page(rows: list[Row], limit: int, cursor: str | None) -> Row:
    start = 0
    if cursor:
        try:
            last = base64.urlsafe_b64decode(cursor.encode()).decode()
            start = 1 + [row["id"] for row in rows].index(last)
        except ValueError:
            raise HTTPException(400, "Invalid cursor") from None
    shown = rows[start : start + limit]
    more = start + limit < len(rows)
    after = base64.urlsafe_b64encode(shown[-1]["id"].encode()).decode() if more else None
    return {"items": shown, "next_cursor": after, "has_more": more}


Limit = Annotated[int, Query(ge=1, le=50)]


@app.post("/auth/register", status_code=201)
def register(asked: Account) -> Row:
    if asked.username in _users:
        raise HTTPException(409, f"Username {asked.username} is taken")
    shown = {"username": asked.username, "display_name": asked.display_name or asked.username, "joined_at": now()}
    _users[asked.username] = {**shown, "password": asked.password}
    return shown


@app.post("/auth/login")
def login(asked: Login) -> Row:
    if _users.get(asked.username, {}).get("password") != asked.password:
        raise HTTPException(401, "Incorrect username or password")
    return tokens(asked.username)


@app.post("/auth/refresh")
def refresh(asked: Refresh) -> Row:
    name = _refresh.pop(asked.refresh_token, None)
    if name is None:
        raise HTTPException(401, "Refresh token is invalid or was already used")
    return tokens(name)


@app.post("/auth/logout", status_code=204)
def logout(name: Caller, authorization: Annotated[str, Header()]) -> None:  # noqa: ARG001
    del _access[authorization[7:]]


@app.get("/me")
def me(name: Caller) -> Row:
    shown = {key: value for key, value in _users[name].items() if key != "password"}
    own = [album for album in _albums.values() if album["owner"] == name]
    shared = [album for album in _albums.values() if name in album["shares"]]
    return {**shown, "album_count": len(own), "shared_with_me_count": len(shared)}


@app.post("/albums", status_code=201)
def create_album(asked: NewAlbum, name: Caller) -> Row:
    album = {"id": f"alb_{token_hex(8)}", "owner": name, **asked.model_dump(), "shares": {}}
    album |= {"created_at": now(), "updated_at": now()}
    _albums[album["id"]] = album
    return album_view(album, name)


@app.get("/albums")
def albums(
    name: Caller,
    scope: Literal["own", "shared", "all"] = "all",
    limit: Limit = 20,
    cursor: str | None = None,
) -> Row:
    found = [album for album in _albums.values() if album["owner"] == name or name in album["shares"]]
    if scope != "all":
        found = [album for album in found if (album["owner"] == name) == (scope == "own")]
    return page([album_view(album, name) for album in reversed(found)], limit, cursor)


@app.get("/albums/{key}")
def album(key: str, name: Caller) -> Row:
    return album_view(album_for(key, name), name)


@app.patch("/albums/{key}")
def change_album(key: str, asked: AlbumChange, name: Caller) -> Row:
    found = album_for(key, name, "owner")
    found |= {**asked.model_dump(exclude_unset=True), "updated_at": now()}
    return album_view(found, name)


@app.delete("/albums/{key}", status_code=204)
def delete_album(key: str, name: Caller, *, force: bool = False) -> None:
    album_for(key, name, "owner")
    inside = [photo["id"] for photo in _photos.values() if photo["album_id"] == key]
    if inside and not force:
        raise HTTPException(409, f"Album has {len(inside)} photos; use force=true to delete them too")
    for photo in inside:
        del _photos[photo]
    del _albums[key]


@app.put("/albums/{key}/shares/{username}")
def share(key: str, username: str, asked: Share, name: Caller) -> Row:
    found = album_for(key, name, "owner")
    if username not in _users:
        raise HTTPException(404, f"User {username} not found")
    if username == name:
        raise HTTPException(400, "You cannot share an album with yourself")
    found["shares"][username] = asked.role
    return {"album_id": key, "username": username, "role": asked.role}


@app.get("/albums/{key}/shares")
def shares(key: str, name: Caller) -> list[Row]:
    found = album_for(key, name, "owner")
    return [{"album_id": key, "username": user, "role": has} for user, has in found["shares"].items()]


@app.delete("/albums/{key}/shares/{username}", status_code=204)
def unshare(key: str, username: str, name: Caller) -> None:
    if album_for(key, name, "owner")["shares"].pop(username, None) is None:
        raise HTTPException(404, f"Album is not shared with {username}")


@app.post("/albums/{key}/photos", status_code=201)
def add_photo(key: str, asked: NewPhoto, name: Caller) -> Row:
    album_for(key, name, "contributor")
    inside = [photo for photo in _photos.values() if photo["album_id"] == key]
    if any(photo["filename"] == asked.filename for photo in inside):
        raise HTTPException(409, f"{asked.filename} is already in this album")
    photo = {"id": f"pho_{token_hex(8)}", "album_id": key, "added_by": name, **asked.model_dump()}
    photo |= {"megapixels": round(asked.width * asked.height / 1e6, 1), "fans": [], "added_at": now()}
    _photos[photo["id"]] = photo
    return photo_view(photo, name)


@app.get("/albums/{key}/photos")
def photos(
    key: str,
    name: Caller,
    tag: str | None = None,
    order: Literal["added", "-added", "filename"] = "added",
    limit: Limit = 20,
    cursor: str | None = None,
) -> Row:
    album_for(key, name)
    found = [photo for photo in _photos.values() if photo["album_id"] == key and tag in (None, *photo["tags"])]
    if order == "filename":
        found.sort(key=lambda photo: photo["filename"])
    elif order == "-added":
        found.reverse()
    return page([photo_view(photo, name) for photo in found], limit, cursor)


@app.get("/photos/{key}")
def photo(key: str, name: Caller) -> Row:
    return photo_view(photo_for(key, name), name)


@app.patch("/photos/{key}")
def change_photo(key: str, asked: PhotoChange, name: Caller) -> Row:
    found = photo_for(key, name, "contributor")
    found |= asked.model_dump(exclude_unset=True)
    return photo_view(found, name)


@app.delete("/photos/{key}", status_code=204)
def delete_photo(key: str, name: Caller) -> None:
    photo_for(key, name, "contributor")
    del _photos[key]


@app.put("/photos/{key}/favourite")
def favour(key: str, name: Caller) -> Row:
    found = photo_for(key, name)
    found["fans"] = [*(fan for fan in found["fans"] if fan != name), name]
    return photo_view(found, name)


@app.delete("/photos/{key}/favourite")
def unfavour(key: str, name: Caller) -> Row:
    found = photo_for(key, name)
    found["fans"] = [fan for fan in found["fans"] if fan != name]
    return photo_view(found, name)


@app.get("/favourites")
def favourites(name: Caller, limit: Limit = 20, cursor: str | None = None) -> Row:
    return page([photo_view(photo, name) for photo in _photos.values() if name in photo["fans"]], limit, cursor)


@app.get("/print-sizes")
def sizes() -> list[Row]:
    return list(SIZES.values())


def priced(line: Line, name: str) -> Row:
    found, size = photo_for(line.photo_id, name), SIZES.get(line.size)
    if size is None:
        raise HTTPException(400, f"Unknown size {line.size}, choose one of {', '.join(SIZES)}")
    long = max(found["width"], found["height"])
    if long < size["min_pixels"]:
        raise HTTPException(400, f"{found['filename']} is too small for {line.size}: {long} < {size['min_pixels']}")
    return {**line.model_dump(), "unit_cents": size["price_cents"], "line_cents": size["price_cents"] * line.copies}


@app.post("/print-orders", status_code=202)
def create_order(
    asked: NewOrder,
    name: Caller,
    response: Response,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Row:
    if not idempotency_key:
        raise HTTPException(400, "Idempotency-Key header is required")
    sent, before = asked.model_dump_json(), _keys.get((name, idempotency_key))
    if before and before[1] != sent:
        raise HTTPException(422, "Idempotency-Key was used with another request")
    if before:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Location"] = f"/print-orders/{before[0]['id']}"
        return before[0]
    lines = [priced(line, name) for line in asked.items]
    goods, copies = sum(line["line_cents"] for line in lines), sum(line["copies"] for line in lines)
    discount = goods // 10 if copies >= 20 else 0
    order = {"id": f"ord_{token_hex(6)}", "status": "received", "progress": 0, "items": lines, "copies": copies}
    order |= {"shipping": asked.shipping, "goods_cents": goods, "discount_cents": discount}
    order |= {"shipping_cents": SHIPPING[asked.shipping], "total_cents": goods - discount + SHIPPING[asked.shipping]}
    order |= {"ordered_at": now(), "finished_at": None}
    _orders[order["id"]] = {**order, "owner": name, "polls": 0}
    _keys[(name, idempotency_key)] = (order, sent)
    response.headers["Location"] = f"/print-orders/{order['id']}"
    return order


def order_for(key: str, name: str) -> Row:
    if _orders.get(key, {}).get("owner") != name:
        raise HTTPException(404, "Print order not found")
    return _orders[key]


def order_view(order: Row) -> Row:
    return {key: value for key, value in order.items() if key not in ("owner", "polls")}


@app.get("/print-orders")
def orders(name: Caller, status: str | None = None) -> list[Row]:
    own = [order for order in _orders.values() if order["owner"] == name]
    return [order_view(order) for order in own if status in (None, order["status"])]


@app.get("/print-orders/{key}")
def order(key: str, name: Caller, response: Response) -> Row:
    found = order_for(key, name)
    if found["status"] in ("received", "rendering"):
        found["polls"] += 1
        found["status"], found["progress"] = LIFE[min(2, found["polls"] // 2)]
        if found["status"] == "ready":
            found["finished_at"] = now()
        else:
            response.headers["Retry-After"] = "1"
    return order_view(found)


@app.post("/print-orders/{key}/cancel")
def cancel(key: str, name: Caller) -> Row:
    found = order_for(key, name)
    if found["status"] not in ("received", "rendering"):
        raise HTTPException(409, f"A print order that is {found['status']} cannot be cancelled")
    found |= {"status": "cancelled", "finished_at": now()}
    return order_view(found)
