"""A small authorization server (RFC 6749, 7009, 7636, 7662, OpenID Connect), and a client's session with it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from urllib.parse import parse_qs, urlsplit

from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

SIGNING = b"the server's own key"


def coded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims):
    head, body = (coded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{head}.{body}.{coded(hashlib.sha256(SIGNING + f'{head}.{body}'.encode()).digest())}"


class AuthorizationServer:
    """Keeps clients, users, codes and tokens; `app` answers. Every token is made anew in each run."""

    def __init__(self):
        self.clients, self.users, self.codes, self.access, self.refresh = {}, {}, {}, {}, {}
        posts = {
            "/connect/register": self.register, "/accounts": self.sign_up, "/oauth/token": self.token,
            "/oauth/introspect": self.introspect, "/oauth/revoke": self.revoke,
        }  # fmt: skip
        gets = {"/oauth/authorize": self.authorize, "/userinfo": self.userinfo, "/logout": self.logout}
        routes = [Route(path, answer, methods=["POST"]) for path, answer in posts.items()]
        self.app = Starlette(routes=[*routes, *(Route(path, answer) for path, answer in gets.items())])

    async def register(self, request):
        asked = await request.json()
        made = {"client_id": f"client-{secrets.token_hex(6)}", "client_secret": secrets.token_urlsafe(24)}
        self.clients[made["client_id"]] = {**asked, **made}
        return JSONResponse({**asked, **made}, 201)

    async def sign_up(self, request):
        asked = await request.json()
        user = {"sub": secrets.token_hex(8), "email": asked["email"], "name": asked["name"]}
        self.users[asked["email"]] = {**user, "password": asked["password"]}
        local, _, domain = asked["email"].partition("@")
        return JSONResponse({"sub": user["sub"], "confirmation_sent_to": f"{local[0]}***@{domain}"}, 201)

    async def authorize(self, request):
        asked = dict(request.query_params)
        client, user = self.clients.get(asked.get("client_id")), self.users.get(asked.get("login_hint"))
        if client is None:
            return JSONResponse({"error": "invalid_client"}, 400)
        back = f"{asked['redirect_uri']}?state={asked['state']}"
        if user is None:
            return RedirectResponse(f"{back}&error=access_denied", 302)
        code = secrets.token_urlsafe(18)
        self.codes[code] = {**asked, "user": user}
        return RedirectResponse(f"{back}&code={code}", 302)

    async def token(self, request):
        asked = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        client = self.client_of(request, asked)
        if client is None:
            return JSONResponse({"error": "invalid_client"}, 401, {"WWW-Authenticate": 'Basic realm="oauth"'})
        if asked["grant_type"] == "client_credentials":
            return JSONResponse(self.granted(client, None, asked.get("scope", "")))
        if asked["grant_type"] == "authorization_code":
            held = self.codes.pop(asked["code"], None)
            proof = coded(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
            if held is None or held["code_challenge"] != proof:
                return JSONResponse({"error": "invalid_grant", "error_description": "bad code or verifier"}, 400)
            return JSONResponse(self.granted(client, held["user"], held["scope"], held["nonce"]))
        if asked["grant_type"] == "refresh_token":
            held = self.refresh.pop(asked["refresh_token"], None)
            if held is None:
                return JSONResponse({"error": "invalid_grant", "error_description": "unknown refresh token"}, 400)
            return JSONResponse(self.granted(client, *held))
        return JSONResponse({"error": "unsupported_grant_type"}, 400)

    def client_of(self, request, asked):
        """Give the client that shows its secret, in the header or in the body."""
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        name, secret = asked.get("client_id"), asked.get("client_secret")
        if scheme == "Basic":
            name, _, secret = base64.b64decode(shown).decode().partition(":")
        client = self.clients.get(name)
        return client if client is not None and client["client_secret"] == secret else None

    def granted(self, client, user, scope, nonce=None):
        access = secrets.token_hex(20)
        self.access[access] = {"client": client, "user": user, "scope": scope, "until": int(time.time()) + 3600}
        made = {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "scope": scope}
        if user is None:
            return made
        made["refresh_token"] = f"rt.{secrets.token_urlsafe(24)}"
        self.refresh[made["refresh_token"]] = (user, scope)
        now = int(time.time())
        claims = {"iss": "https://id.example", "sub": user["sub"], "aud": client["client_id"], "email": user["email"]}
        return {**made, "id_token": signed({**claims, "nonce": nonce, "iat": now, "exp": now + 3600})}

    async def userinfo(self, request):
        held = self.access.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if held is None or held["user"] is None:
            return Response(b"", 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return JSONResponse({name: held["user"][name] for name in ("sub", "email", "name")})

    async def introspect(self, request):
        asked = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if self.client_of(request, asked) is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        held = self.access.get(asked["token"])
        if held is None:
            return JSONResponse({"active": False})
        told = {"active": True, "scope": held["scope"], "client_id": held["client"]["client_id"], "exp": held["until"]}
        return JSONResponse(told | ({"username": held["user"]["email"]} if held["user"] else {}))

    async def revoke(self, request):
        asked = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.access.pop(asked["token"], None)
        self.refresh.pop(asked["token"], None)
        return Response(b"", 200)

    async def logout(self, request):
        hint = request.query_params.get("id_token_hint", "")
        head, _, rest = hint.partition(".")
        body, _, signature = rest.partition(".")
        if signature != coded(hashlib.sha256(SIGNING + f"{head}.{body}".encode()).digest()):
            return JSONResponse({"error": "invalid_request", "error_description": "not an id token of ours"}, 400)
        return JSONResponse({"signed_out": True})


async def visit(client, number):
    """Play a session; what the client chooses depends on its number alone. Gives the answers."""
    answers = []

    async def ask(method, path, **more):
        answers.append(await client.request(method, path, **more))
        return answers[-1]

    def own(what, length=24):
        return hashlib.sha256(f"{what} {number}".encode()).hexdigest()[:length]

    mail, password = f"dana{own('mail', 5)}@corp.internal", f"Pw!{own('password', 9)}"
    back, verifier = "https://app.example/back", own("verifier", 48)
    shop = (await ask("POST", "/connect/register", json={"client_name": "Shop", "redirect_uris": [back]})).json()
    await ask("POST", "/accounts", json={"email": mail, "password": password, "name": "Dana Whitfield"})
    asked = {
        "response_type": "code", "client_id": shop["client_id"], "redirect_uri": back, "scope": "openid email",
        "state": own("state"), "nonce": own("nonce"), "login_hint": mail,
        "code_challenge": coded(hashlib.sha256(verifier.encode()).digest()), "code_challenge_method": "S256",
    }  # fmt: skip
    basic = (shop["client_id"], shop["client_secret"])
    as_fields = {"client_id": basic[0], "client_secret": basic[1]}

    async def code():
        answer = await ask("GET", "/oauth/authorize", params=asked)
        told = parse_qs(urlsplit(answer.headers["location"]).query)
        assert told["state"] == [asked["state"]]
        return {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": back}

    await ask("GET", "/oauth/authorize", params={**asked, "login_hint": f"x{mail}"})
    sent = await code()
    await ask("POST", "/oauth/token", data={**sent, "code_verifier": verifier[::-1]}, auth=basic)
    sent = await code()
    wrong = {**sent, "code": sent["code"][:-1], "code_verifier": verifier}
    await ask("POST", "/oauth/token", data=wrong, auth=basic)
    granted = (await ask("POST", "/oauth/token", data={**sent, "code_verifier": verifier}, auth=basic)).json()
    await ask("POST", "/oauth/token", data={**sent, "code_verifier": verifier}, auth=basic)
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    await ask("GET", "/userinfo", headers=bearer)
    await ask("GET", "/userinfo", headers={"Authorization": f"Bearer {granted['access_token'][::-1]}"})
    await ask("GET", "/userinfo")
    await ask("POST", "/oauth/introspect", data={"token": granted["access_token"]}, auth=basic)
    await ask("POST", "/oauth/introspect", data={"token": granted["access_token"] + "x"}, auth=basic)
    await ask("POST", "/oauth/introspect", data={"token": granted["access_token"]}, auth=(basic[0], basic[1][::-1]))
    spent = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    again = (await ask("POST", "/oauth/token", data={**spent, **as_fields})).json()
    await ask("POST", "/oauth/token", data=spent, auth=basic)
    await ask("GET", "/userinfo", headers={"Authorization": f"Bearer {again['access_token']}"})
    await ask("POST", "/oauth/revoke", data={"token": again["access_token"]}, auth=basic)
    await ask("GET", "/userinfo", headers={"Authorization": f"Bearer {again['access_token']}"})
    await ask("POST", "/oauth/introspect", data={"token": again["access_token"]}, auth=basic)
    own_token = {"grant_type": "client_credentials", "scope": "reports"}
    machine = (await ask("POST", "/oauth/token", data=own_token, auth=basic)).json()
    await ask("POST", "/oauth/introspect", data={"token": machine["access_token"]}, auth=basic)
    await ask("POST", "/oauth/token", data={"grant_type": "password"}, auth=basic)
    await ask("GET", "/logout", params={"id_token_hint": granted["id_token"][:-4]})
    await ask("GET", "/logout", params={"id_token_hint": granted["id_token"]})
    return answers
