"""Members' accounts in FastAPI's manner: codes by mail, sign-in with a lock, sessions, changes to confirm, notices."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

TRIES = 3
SENDS = 3
SIGN_INS = 4
LIFETIME_S = 900

Answer = dict[str, Any]

_members: dict[int, Answer] = {}
_secrets: dict[int, str] = {}
_failures: dict[int, int] = {}
_challenges: dict[str, Answer] = {}
_mail: list[Answer] = []
_sessions: list[Answer] = []
_spent: set[str] = set()
_changes: dict[int, Answer] = {}
_notices: dict[int, list[Answer]] = {}
_member_ids, _session_ids, _notice_ids = count(1), count(1), count(1)


class Asked(BaseModel):
    """A body whose text is taken without blanks around it."""

    model_config = ConfigDict(str_strip_whitespace=True)


class Registration(Asked):
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")
    password: str = Field(min_length=8)
    display_name: str = Field(min_length=1, max_length=60)
    newsletter: bool = False


class Destination(Asked):
    email: str


class Code(Asked):
    challenge: str
    code: str = Field(min_length=6, max_length=6)


class Credentials(Asked):
    email: str
    password: str
    device: str = "unknown device"


class Refreshing(Asked):
    refresh_token: str


class ProfileChange(Asked):
    display_name: str | None = Field(None, min_length=1, max_length=60)
    bio: str | None = Field(None, max_length=200)
    language: Literal["en", "de", "fr", "pl"] | None = None
    newsletter: bool | None = None


class EmailChange(Asked):
    new_email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")
    password: str


class Confirmation(Asked):
    token: str


class PasswordChange(Asked):
    current_password: str
    new_password: str = Field(min_length=8)


def refused(status: int, code: str, message: str, /, **more: object) -> HTTPException:
    return HTTPException(status, {"code": code, "message": message, **more})


def moment(plus_s: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=plus_s)).isoformat()


def by_email(email: str) -> Answer | None:
    return next((one for one in _members.values() if one["email"] == email.lower()), None)


def send(to: str, subject: str, body: str) -> None:
    _mail.append({"to": to, "subject": subject, "body": body})


def notify(member: Answer, kind: str, text: str) -> None:
    notice = {"id": next(_notice_ids), "kind": kind, "text": text, "read": False, "at": moment()}
    _notices.setdefault(member["id"], []).insert(0, notice)


def masked(email: str) -> str:
    name, _, host = email.partition("@")
    return f"{name[0]}***@{host}"


def session_of(authorization: Annotated[str | None, Header()] = None) -> Answer:
    if not authorization or not authorization.startswith("Bearer "):
        raise HTTPException(401, "Not authenticated", {"WWW-Authenticate": "Bearer"})
    token = authorization.removeprefix("Bearer ")
    for session in _sessions:
        if session["access"] == token:
            return session
    raise HTTPException(401, "Invalid or expired token", {"WWW-Authenticate": 'Bearer error="invalid_token"'})


Session = Annotated[Answer, Depends(session_of)]


def member_of(session: Session) -> Answer:
    return _members[session["member"]]


Member = Annotated[Answer, Depends(member_of)]

auth = APIRouter(prefix="/api/auth")
me = APIRouter(prefix="/api/me")
notices = APIRouter(prefix="/api/notifications")


def challenge_view(key: str, challenge: Answer) -> Answer:
    left = SENDS - challenge["sends"]
    return {"challenge": key, "sent_to": masked(challenge["email"]), "expires_in": 300, "sends_remaining": left}


def send_code(challenge: Answer) -> None:
    challenge["code"], challenge["sends"] = f"{secrets.randbelow(900_000) + 100_000}", challenge["sends"] + 1
    send(challenge["email"], "Your verification code", f"Enter {challenge['code']} to verify your email address.")


@auth.post("/register", status_code=201)
def register(asked: Registration) -> Answer:
    if by_email(asked.email):
        raise HTTPException(409, "A member with this email already exists")
    member = {
        "id": next(_member_ids),
        "email": asked.email.lower(),
        "display_name": asked.display_name,
        "bio": None,
        "language": "en",
        "newsletter": asked.newsletter,
        "verified": False,
        "pending_email": None,
        "created": moment(),
    }
    _members[member["id"]], _secrets[member["id"]] = member, asked.password
    notify(member, "welcome", f"Welcome, {asked.display_name}!")
    return member


@auth.post("/otp/send", status_code=202)
def send_challenge(asked: Destination) -> Answer:
    member = by_email(asked.email)
    if not member:
        raise HTTPException(404, "No member has this email")
    if member["verified"]:
        raise refused(409, "already_verified", "This email is verified already.")
    key = secrets.token_urlsafe(12)
    _challenges[key] = {"email": member["email"], "sends": 0, "tries": TRIES, "done": False}
    send_code(_challenges[key])
    return challenge_view(key, _challenges[key])


def challenge_under(key: str) -> Answer:
    challenge = _challenges.get(key)
    if challenge is None or challenge["done"]:
        raise refused(410, "challenge_gone", "This challenge does not exist or was used.")
    if challenge["tries"] == 0:
        raise refused(423, "locked", "Too many incorrect codes. Request a new challenge.")
    return challenge


@auth.post("/otp/{key}/resend", status_code=202)
def send_again(key: str) -> Answer:
    challenge = challenge_under(key)
    if challenge["sends"] == SENDS:
        exc = refused(429, "resend_limit", f"A code can be sent {SENDS} times.", retry_after=60)
        exc.headers = {"Retry-After": "60"}
        raise exc
    send_code(challenge)
    return challenge_view(key, challenge)


@auth.post("/otp/verify")
def verify(asked: Code) -> Answer:
    challenge = challenge_under(asked.challenge)
    if challenge["code"] != asked.code:
        challenge["tries"] -= 1
        if challenge["tries"] == 0:
            raise refused(423, "locked", "Too many incorrect codes. Request a new challenge.")
        raise refused(400, "wrong_code", "The code is incorrect.", tries_remaining=challenge["tries"])
    challenge["done"] = True
    member = by_email(challenge["email"])
    assert member is not None
    member["verified"] = True
    return {"verified": True, "member_id": member["id"]}


def tokens(session: Answer) -> Answer:
    session["access"], session["refresh"] = secrets.token_hex(24), secrets.token_urlsafe(30)
    return {
        "access_token": session["access"],
        "refresh_token": session["refresh"],
        "token_type": "bearer",
        "expires_in": LIFETIME_S,
    }


@auth.post("/login")
def login(asked: Credentials) -> Answer:
    member = by_email(asked.email)
    if member and _failures.get(member["id"], 0) >= SIGN_INS:
        raise refused(423, "account_locked", "This account is locked. Change its password to go on.")
    if not member or _secrets[member["id"]] != asked.password:
        if member:
            _failures[member["id"]] = _failures.get(member["id"], 0) + 1
        raise HTTPException(401, "Incorrect email or password")
    if not member["verified"]:
        raise HTTPException(403, "Email address is not verified")
    _failures.pop(member["id"], None)
    session = {"id": next(_session_ids), "member": member["id"], "device": asked.device, "since": moment()}
    _sessions.append(session)
    notify(member, "sign_in", f"New sign-in from {asked.device}")
    return {**tokens(session), "member": {"id": member["id"], "display_name": member["display_name"]}}


@auth.post("/refresh")
def refresh(asked: Refreshing) -> Answer:
    for session in _sessions:
        if session["refresh"] == asked.refresh_token:
            _spent.add(asked.refresh_token)
            return tokens(session)
    reason = "Refresh token was used already" if asked.refresh_token in _spent else "Refresh token is not valid"
    raise HTTPException(401, reason)


@auth.post("/logout", status_code=204)
def logout(session: Session) -> None:
    _sessions.remove(session)


@me.get("")
def profile(member: Member) -> Answer:
    return member


@me.patch("")
def change_profile(asked: ProfileChange, member: Member) -> Answer:
    changes = asked.model_dump(exclude_unset=True)
    if not changes:
        raise HTTPException(400, "Nothing to change")
    member.update(changes)
    return member


@me.get("/sessions")
def sessions(session: Session) -> list[Answer]:
    mine = [one for one in _sessions if one["member"] == session["member"]]
    return [
        {"id": one["id"], "device": one["device"], "since": one["since"], "current": one is session} for one in mine
    ]


@me.delete("/sessions/{number}", status_code=204)
def end_session(number: int, session: Session) -> None:
    for one in _sessions:
        if one["id"] == number and one["member"] == session["member"]:
            _sessions.remove(one)
            return
    raise HTTPException(404, "Session not found")


@me.post("/email", status_code=202)
def change_email(asked: EmailChange, member: Member) -> Answer:
    if _secrets[member["id"]] != asked.password:
        raise HTTPException(403, "Password is incorrect")
    if by_email(asked.new_email):
        raise HTTPException(409, "A member with this email already exists")
    token = secrets.token_hex(10)
    member["pending_email"] = asked.new_email.lower()
    _changes[member["id"]] = {"token": token, "email": member["pending_email"]}
    send(member["pending_email"], "Confirm your new email", f"Your confirmation token: {token}")
    return {"pending_email": member["pending_email"], "confirm_before": moment(86_400)}


@me.post("/email/confirm")
def confirm_email(asked: Confirmation, member: Member) -> Answer:
    change = _changes.get(member["id"])
    if change is None:
        raise HTTPException(409, "There is no email change to confirm")
    if change["token"] != asked.token:
        raise HTTPException(400, "Confirmation token is not valid")
    old, member["email"], member["pending_email"] = member["email"], change["email"], None
    del _changes[member["id"]]
    notify(member, "email_changed", f"Your email was changed from {old} to {member['email']}")
    return member


@me.delete("/email", status_code=204)
def keep_email(member: Member) -> None:
    if _changes.pop(member["id"], None) is None:
        raise HTTPException(409, "There is no email change to cancel")
    member["pending_email"] = None


@me.put("/password", status_code=204)
def change_password(asked: PasswordChange, session: Session, member: Member) -> None:
    if _secrets[member["id"]] != asked.current_password:
        raise HTTPException(403, "Password is incorrect")
    _secrets[member["id"]] = asked.new_password
    _failures.pop(member["id"], None)
    for one in [one for one in _sessions if one["member"] == member["id"] and one is not session]:
        _sessions.remove(one)
    notify(member, "password_changed", "Your password was changed")


@notices.get("")
def list_notices(
    member: Member, unread: bool = False, limit: Annotated[int, Query(ge=1, le=50)] = 10, offset: int = 0
) -> Answer:
    mine = _notices[member["id"]]
    shown = [one for one in mine if not unread or not one["read"]]
    left = sum(not one["read"] for one in mine)
    return {"items": shown[offset : offset + limit], "total": len(shown), "unread": left}


@notices.get("/unread-count")
def unread_count(member: Member) -> Answer:
    return {"unread": sum(not one["read"] for one in _notices[member["id"]])}


def notice_under(number: int, member: Answer) -> Answer:
    for one in _notices[member["id"]]:
        if one["id"] == number:
            return one
    raise HTTPException(404, "Notification not found")


@notices.post("/read-all")
def read_all(member: Member) -> Answer:
    fresh = [one for one in _notices[member["id"]] if not one["read"]]
    for one in fresh:
        one["read"] = True
    return {"updated": len(fresh)}


@notices.post("/{number}/read")
def read_one(number: int, member: Member) -> Answer:
    notice = notice_under(number, member)
    notice["read"] = True
    return notice


@notices.delete("/{number}", status_code=204)
def dismiss(number: int, member: Member) -> None:
    _notices[member["id"]].remove(notice_under(number, member))


app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
app.include_router(auth)
app.include_router(me)
app.include_router(notices)


@app.get("/api/dev/mailbox")
def mailbox(address: str) -> list[Answer]:
    """Give what was sent to an address, newest first."""
    return [one for one in reversed(_mail) if one["to"] == address.lower()]
