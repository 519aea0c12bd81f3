"""A chat: rooms and members, messages by cursor, edits, reactions, read markers, unread counts, updates."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, short_id

EMOJI: Final = frozenset({"thumbsup", "heart", "laugh", "tada"})
LONGEST: Final = 200
POLL_S: Final = 0.02


def millis() -> int:
    return int(time.time() * 1000)


class ApiError(Exception):
    """A failed call: its status and what the envelope says."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message


@dataclass
class User:
    """One who signed up."""

    id: str
    handle: str
    name: str

    def view(self) -> dict[str, Any]:
        return {"userId": self.id, "handle": self.handle, "displayName": self.name}


@dataclass
class Message:
    """What was said in a room; a deleted one keeps its place."""

    id: str
    room: Room
    author: User
    text: str
    reply_to: str | None
    sent: int = field(default_factory=millis)
    edited: int | None = None
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)

    def view(self, viewer: User) -> dict[str, Any]:
        reactions = [
            {"emoji": emoji, "count": len(who), "mine": viewer.id in who}
            for emoji, who in sorted(self.reactions.items())
            if who
        ]
        return {
            "messageId": self.id,
            "roomId": self.room.id,
            "sender": {"userId": self.author.id, "displayName": self.author.name},
            "text": None if self.deleted else self.text,
            "replyTo": self.reply_to,
            "sentAt": self.sent,
            "editedAt": self.edited,
            "isDeleted": self.deleted,
            "reactions": [] if self.deleted else reactions,
        }


@dataclass
class Room:
    """A room with its members in the order in which they came."""

    id: str
    name: str
    owner: User
    private: bool
    created: int = field(default_factory=millis)
    members: list[User] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)

    def view(self, viewer: User) -> dict[str, Any]:
        last = self.messages[-1] if self.messages else None
        return {
            "roomId": self.id,
            "name": self.name,
            "isPrivate": self.private,
            "ownerId": self.owner.id,
            "memberCount": len(self.members),
            "unreadCount": self.unread(viewer),
            "lastMessage": None if last is None else last.view(viewer),
            "createdAt": self.created,
        }

    def unread(self, viewer: User) -> int:
        after = self.messages[self.read.get(viewer.id, 0) :]
        return sum(1 for message in after if message.author is not viewer and not message.deleted)


users: Final[dict[str, User]] = {}
tokens: Final[dict[str, User]] = {}
rooms: Final[dict[str, Room]] = {}
events: Final[list[tuple[Room, str, dict[str, Any]]]] = []

Call = Callable[[Request], Awaitable[Response]]


def ok(data: object, status: int = 200, **meta: object) -> Response:
    return JSONResponse({"ok": True, "data": data, "error": None, **meta}, status)


def caller(request: Request) -> User:
    user = tokens.get(bearer(request))
    if user is None:
        raise ApiError(401, "UNAUTHENTICATED", "Sign in first")
    return user


def room_of(request: Request, user: User) -> Room:
    room = rooms.get(request.path_params["room"])
    if room is None:
        raise ApiError(404, "ROOM_NOT_FOUND", "No such room")
    if user not in room.members:
        raise ApiError(403, "NOT_A_MEMBER", "You are not a member of this room")
    return room


def message_of(request: Request, room: Room) -> Message:
    found = next((one for one in room.messages if one.id == request.path_params["message"]), None)
    if found is None:
        raise ApiError(404, "MESSAGE_NOT_FOUND", "No such message")
    return found


def note(room: Room, kind: str, **payload: object) -> None:
    events.append((room, kind, payload))


def text_in(asked: dict[str, Any]) -> str:
    text = asked.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ApiError(422, "EMPTY_MESSAGE", "text must not be empty")
    if len(text) > LONGEST:
        raise ApiError(422, "MESSAGE_TOO_LONG", f"text must have at most {LONGEST} characters")
    return text


async def sign_up(request: Request) -> Response:
    asked = await json_object(request)
    handle = str(asked.get("handle", ""))
    if not handle.isalnum():
        raise ApiError(422, "INVALID_HANDLE", "handle must consist of letters and digits")
    if any(user.handle == handle for user in users.values()):
        raise ApiError(409, "HANDLE_TAKEN", f"@{handle} is taken")
    user = User(str(uuid.uuid4()), handle, asked.get("displayName") or handle)
    token = short_id("ct-", 32)
    users[user.id], tokens[token] = user, user
    return ok({"user": user.view(), "accessToken": token}, 201)


async def whoami(request: Request) -> Response:
    user = caller(request)
    mine = [room for room in rooms.values() if user in room.members]
    return ok({**user.view(), "roomCount": len(mine), "totalUnread": sum(room.unread(user) for room in mine)})


async def create_room(request: Request) -> Response:
    user, asked = caller(request), await json_object(request)
    name = str(asked.get("name") or "").strip()
    if not name:
        raise ApiError(422, "INVALID_NAME", "name is required")
    room = Room(short_id("rm_", 10), name, user, bool(asked.get("isPrivate", False)), members=[user])
    rooms[room.id] = room
    return ok(room.view(user), 201)


async def list_rooms(request: Request) -> Response:
    user = caller(request)
    return ok([room.view(user) for room in rooms.values() if user in room.members])


async def get_room(request: Request) -> Response:
    user = caller(request)
    return ok(room_of(request, user).view(user))


async def rename(request: Request) -> Response:
    user, asked = caller(request), await json_object(request)
    room = room_of(request, user)
    if room.owner is not user:
        raise ApiError(403, "NOT_THE_OWNER", "Only the owner can do that")
    room.name = str(asked.get("name") or room.name)
    note(room, "roomRenamed", name=room.name)
    return ok(room.view(user))


async def members(request: Request) -> Response:
    user = caller(request)
    room = room_of(request, user)
    return ok([{**one.view(), "role": "owner" if one is room.owner else "member"} for one in room.members])


async def invite(request: Request) -> Response:
    user, asked = caller(request), await json_object(request)
    room = room_of(request, user)
    if room.owner is not user and room.private:
        raise ApiError(403, "NOT_THE_OWNER", "Only the owner can do that")
    guest = users.get(str(asked.get("userId")))
    if guest is None:
        raise ApiError(404, "USER_NOT_FOUND", "No such user")
    if guest in room.members:
        raise ApiError(409, "ALREADY_A_MEMBER", f"@{guest.handle} is a member already")
    room.members.append(guest)
    room.read[guest.id] = len(room.messages)
    note(room, "memberJoined", userId=guest.id)
    return ok({**guest.view(), "role": "member"}, 201)


async def leave(request: Request) -> Response:
    user = caller(request)
    room = room_of(request, user)
    leaver = next((one for one in room.members if one.id == request.path_params["user"]), None)
    if leaver is None:
        raise ApiError(404, "USER_NOT_FOUND", "No such user")
    if user not in (leaver, room.owner):
        raise ApiError(403, "NOT_THE_OWNER", "Only the owner can do that")
    if leaver is room.owner:
        raise ApiError(409, "OWNER_CANNOT_LEAVE", "The owner cannot leave the room")
    room.members.remove(leaver)
    note(room, "memberLeft", userId=leaver.id)
    return ok({"userId": leaver.id, "memberCount": len(room.members)})


async def send(request: Request) -> Response:
    user, asked = caller(request), await json_object(request)
    room = room_of(request, user)
    reply = asked.get("replyTo")
    if reply is not None and all(one.id != reply for one in room.messages):
        raise ApiError(422, "INVALID_REPLY", "replyTo is not a message of this room")
    message = Message(short_id("ms_", 12), room, user, text_in(asked), reply)
    room.messages.append(message)
    note(room, "messageSent", messageId=message.id, userId=user.id, text=message.text)
    return ok(message.view(user), 201)


def place_of(room: Room, cursor: str) -> int:
    for place, message in enumerate(room.messages):
        if message.id == cursor:
            return place
    raise ApiError(400, "INVALID_CURSOR", "The cursor is not a message of this room")


async def history(request: Request) -> Response:
    """Give the newest messages first, or those after a message from old to new."""
    user = caller(request)
    room, asked = room_of(request, user), request.query_params
    limit = asked.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= 50:
        raise ApiError(400, "INVALID_LIMIT", "limit must be between 1 and 50")
    rows = room.messages[::-1]
    if "before" in asked:
        rows = room.messages[: place_of(room, asked["before"])][::-1]
    elif "after" in asked:
        rows = room.messages[place_of(room, asked["after"]) + 1 :]
    page, more = rows[: int(limit)], len(rows) > int(limit)
    data = {"messages": [one.view(user) for one in page], "hasMore": more}
    return ok({**data, "nextCursor": page[-1].id if more else None})


async def message(request: Request) -> Response:
    user = caller(request)
    room = room_of(request, user)
    found = message_of(request, room)
    if request.method == "GET":
        return ok(found.view(user))
    if found.author is not user:
        raise ApiError(403, "NOT_YOUR_MESSAGE", "You can only change your own messages")
    if found.deleted:
        raise ApiError(410, "MESSAGE_DELETED", "The message was deleted")
    if request.method == "DELETE":
        found.deleted = True
        note(room, "messageDeleted", messageId=found.id)
        return ok({"messageId": found.id, "isDeleted": True})
    found.text, found.edited = text_in(await json_object(request)), millis()
    note(room, "messageEdited", messageId=found.id, text=found.text)
    return ok(found.view(user))


async def react(request: Request) -> Response:
    user = caller(request)
    found = message_of(request, room_of(request, user))
    emoji = request.path_params["emoji"]
    if emoji not in EMOJI:
        raise ApiError(422, "UNKNOWN_EMOJI", f":{emoji}: is not available")
    if found.deleted:
        raise ApiError(410, "MESSAGE_DELETED", "The message was deleted")
    who = found.reactions.setdefault(emoji, [])
    if request.method == "PUT" and user.id not in who:
        who.append(user.id)
    elif request.method == "DELETE":
        if user.id not in who:
            raise ApiError(404, "NO_REACTION", "You did not react with that")
        who.remove(user.id)
    return ok(found.view(user)["reactions"])


async def mark_read(request: Request) -> Response:
    user, asked = caller(request), await json_object(request)
    room = room_of(request, user)
    upto = str(asked.get("messageId", ""))
    room.read[user.id] = max(room.read.get(user.id, 0), place_of(room, upto) + 1)
    return ok({"roomId": room.id, "lastReadMessageId": upto, "unreadCount": room.unread(user)})


async def updates(request: Request) -> Response:
    """Give what happened since a place in the log; wait a little where nothing did."""
    user, since = caller(request), request.query_params.get("since", "0")
    if not since.isdecimal():
        raise ApiError(400, "INVALID_SINCE", "since must be a number")
    found = events_of(user, int(since))
    if not found and request.query_params.get("wait"):
        await asyncio.sleep(POLL_S)
        found = events_of(user, int(since))
    return ok({"updates": found, "next": len(events)})


def events_of(user: User, since: int) -> list[dict[str, Any]]:
    return [
        {"seq": number, "type": kind, "roomId": room.id, "payload": payload}
        for number, (room, kind, payload) in enumerate(events, 1)
        if number > since and user in room.members
    ]


async def failed(_: Request, error: Exception) -> Response:
    wrong = error if isinstance(error, ApiError) else ApiError(400, "BAD_JSON", str(error))
    body = {"ok": False, "data": None, "error": {"code": wrong.code, "message": wrong.message}}
    return JSONResponse(body, wrong.status)


ROOM: Final = "/api/rooms/{room}"
MESSAGE: Final = ROOM + "/messages/{message}"
app = Starlette(
    routes=[
        Route("/api/signup", sign_up, methods=["POST"]),
        Route("/api/whoami", whoami),
        Route("/api/rooms", create_room, methods=["POST"]),
        Route("/api/rooms", list_rooms),
        Route(ROOM, get_room),
        Route(ROOM, rename, methods=["PATCH"]),
        Route(ROOM + "/members", members),
        Route(ROOM + "/members", invite, methods=["POST"]),
        Route(ROOM + "/members/{user}", leave, methods=["DELETE"]),
        Route(ROOM + "/messages", history),
        Route(ROOM + "/messages", send, methods=["POST"]),
        Route(MESSAGE, message, methods=["GET", "PATCH", "DELETE"]),
        Route(MESSAGE + "/reactions/{emoji}", react, methods=["PUT", "DELETE"]),
        Route(ROOM + "/read", mark_read, methods=["POST"]),
        Route("/api/updates", updates),
    ],
    exception_handlers={ApiError: failed, BodyError: failed},
)
