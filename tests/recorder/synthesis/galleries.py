"""A gallery for tests of synthesis: pictures that are uploaded in parts, downloaded, and changed by their version."""

from __future__ import annotations

from synthesis.telling import learnt, word

_BOUNDARY = "b0undary"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}


class Gallery:
    """Pictures with captions and tags; an entity tag is the head of the id and the version."""

    def __init__(self, chance):
        self._chance = chance
        self._pictures = {}
        self._files = {}

    def answer(self, method, target, sent, headers):
        """Answer a call."""
        _, _, key, *below = [*target.split("/"), ""]
        if method == "POST":
            return self._made(sent)
        if key not in self._pictures:
            return 404, {"error": "no such picture"}
        picture = self._pictures[key]
        if below == ["file", ""]:
            return 200, self._files[key], {"Content-Type": picture["type"]}
        if method == "PATCH":
            if headers.get("If-Match") != _tag(picture):
                return 412, {"error": "another version"}
            picture |= {**sent, "version": picture["version"] + 1}
        return 200, picture, {"etag": _tag(picture)}

    def _made(self, sent):
        told = parts_of(sent)
        key = word(self._chance, "0123456789abcdef", 24)
        name, kind, data = told["picture"][0]
        picture = {"id": key, "caption": told["caption"][0][2].decode(), "file": name, "type": kind, "version": 1}
        picture["tags"] = sorted({one.decode() for _, _, one in told.get("tag", [])})
        self._pictures[key], self._files[key] = picture, data
        return 201, picture, {"etag": _tag(picture)}


def _tag(picture):
    return f'"{picture["id"][:6]}.{picture["version"]}"'


def multipart(caption, tags, name, kind, data):
    """Give the body of an upload."""
    rows = [("caption", "", "", caption.encode()), *(("tag", "", "", one.encode()) for one in tags)]
    written = b""
    for field, filename, media, content in [*rows, ("picture", name, kind, data)]:
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"'
        head += f'; filename="{filename}"\r\nContent-Type: {media}' if filename else ""
        written += head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return written + f"--{_BOUNDARY}--\r\n".encode()


def parts_of(body):
    """Give the parts of such a body by name: file name, media type and data of each."""
    found = {}
    for part in body.split(f"--{_BOUNDARY}".encode())[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        told = dict(one.split("=") for one in lines[0].split("; ")[1:])
        kind = lines[1].partition(": ")[2] if len(lines) > 1 else ""
        found.setdefault(told["name"].strip('"'), []).append((told.get("filename", "").strip('"'), kind, data[:-2]))
    return found


def upload(ask, chance):
    """Upload a picture, and give what was answered and its bytes."""
    kind = chance.choice(["image/png", "image/jpeg"])
    data = b"\x89\xff" + chance.randbytes(30)
    tags = chance.sample(["sea", "fog", "pier", "gull"], chance.randint(0, 3))
    name = f"{word(chance)}.{kind[6:]}"
    return ask("POST", "/pictures", multipart(word(chance), tags, name, kind, data), MULTIPART), data


def a_day(ask, chance):
    """Upload pictures, look at them and change them, once too late."""
    for _ in range(3):
        made, _ = upload(ask, chance)
        path = f"/pictures/{made.json['id']}"
        ask("GET", f"{path}/file")
        tag = ask("GET", path).headers["etag"]
        for caption in chance.sample(["one", "two", "three"], chance.randint(1, 3)):
            done = ask("PATCH", path, {"caption": caption}, {"If-Match": tag})
            tag = done.headers["etag"]
        ask("PATCH", path, {"caption": "late"}, {"If-Match": made.headers["etag"]})
    ask("GET", f"/pictures/{chance.randbytes(12).hex()}")


def mocks_of_galleries():
    """Give the mocks of a few such days."""
    return learnt(Gallery, a_day)
