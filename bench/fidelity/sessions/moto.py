"""Sessions of three AWS services: buckets and objects, tables and items, queues and messages."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from random import Random
from urllib.parse import quote

from bench.fidelity import values
from bench.fidelity.client import AbortedError, Answered, Client


def play(client: Client, random: Random) -> None:
    kinds = [objects, objects, parts, items, items, messages, messages, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 4)]:
        kind(client, random)


def signed(service: str, random: Random) -> dict[str, str]:
    scope = f"AKIAFIDELITY00000000/20260101/us-east-1/{service}/aws4_request"
    signature = sha256(random.randbytes(8)).hexdigest()
    told = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}"
    return {"Authorization": told, "X-Amz-Date": "20260101T000000Z"}


def tag_in(answered: Answered, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", answered.text, re.DOTALL)
    if found is None:
        raise AbortedError(f"{answered.label}: no element {name} (status {answered.status})")
    return found[1]


def bucket(client: Client, random: Random) -> str:
    name = f"{values.slug(random)}-{random.randint(100, 999)}"
    client.ask("make a bucket", "PUT", f"/{name}", headers=signed("s3", random))
    return name


def put(client: Client, random: Random, path: str) -> Answered:
    headers = signed("s3", random) | {"Content-Type": "text/plain"}
    if random.random() < 0.4:
        headers["x-amz-meta-owner"] = values.login(random)
    return client.ask("put an object", "PUT", path, content=values.sentence(random).encode(), headers=headers)


def objects(client: Client, random: Random) -> None:
    name = bucket(client, random)
    keys = [f"{random.choice(('a', 'logs', 'img'))}/{values.slug(random)}.txt" for _ in range(random.randint(2, 4))]
    for key in keys:
        tag = put(client, random, f"/{name}/{key}").header("etag")
    path = f"/{name}/{keys[-1]}"
    s3 = signed("s3", random)
    client.ask("get the object", "GET", path, headers=s3, reads=True)
    client.ask("head of the object", "HEAD", path, headers=s3, reads=True)
    if random.random() < 0.5:
        client.ask("object not modified", "GET", path, headers={**s3, "If-None-Match": tag}, reads=True)
    if random.random() < 0.5:
        client.ask("a range", "GET", path, headers={**s3, "Range": f"bytes=0-{random.randint(4, 12)}"}, reads=True)
    client.ask("list objects", "GET", f"/{name}?list-type=2", headers=s3, reads=True)
    if random.random() < 0.6:
        client.ask("list a folder", "GET", f"/{name}?list-type=2&prefix=logs/", headers=s3, reads=True)
    page = client.ask("list one object", "GET", f"/{name}?list-type=2&max-keys=1", headers=s3, reads=True)
    token = quote(tag_in(page, "NextContinuationToken"))
    client.ask(
        "list the next", "GET", f"/{name}?list-type=2&max-keys=1&continuation-token={token}", headers=s3, reads=True
    )
    client.ask("delete the object", "DELETE", path, headers=s3)
    client.ask("the object, deleted", "GET", path, headers=s3, reads=True)
    client.ask("objects left", "GET", f"/{name}?list-type=2", headers=s3, reads=True)


def parts(client: Client, random: Random) -> None:
    name, s3 = bucket(client, random), signed("s3", random)
    path = f"/{name}/{values.slug(random)}.bin"
    upload = tag_in(client.ask("begin an upload", "POST", f"{path}?uploads", headers=s3), "UploadId")
    part = client.ask(
        "upload a part", "PUT", f"{path}?partNumber=1&uploadId={upload}", content=random.randbytes(900), headers=s3
    )
    whole = f"<Part><PartNumber>1</PartNumber><ETag>{part.header('etag')}</ETag></Part>"
    body = f"<CompleteMultipartUpload>{whole}</CompleteMultipartUpload>".encode()
    client.ask("complete the upload", "POST", f"{path}?uploadId={upload}", content=body, headers=s3)
    client.ask("get the upload", "GET", path, headers=s3, reads=True)


def dynamo(
    client: Client, random: Random, target: str, asked: dict[str, object], label: str, *, reads: bool
) -> Answered:
    headers = signed("dynamodb", random) | {"Content-Type": "application/x-amz-json-1.0"}
    headers["X-Amz-Target"] = f"DynamoDB_20120810.{target}"
    return client.ask(label, "POST", "/", content=json.dumps(asked).encode(), headers=headers, reads=reads)


def items(client: Client, random: Random) -> None:
    table = f"{values.word(random)}_{random.randint(100, 9999)}"
    key = {"AttributeName": "id", "KeyType": "HASH"}
    wanted: dict[str, object] = {"TableName": table, "KeySchema": [key], "BillingMode": "PAY_PER_REQUEST"}
    wanted["AttributeDefinitions"] = [{"AttributeName": "id", "AttributeType": "S"}]
    dynamo(client, random, "CreateTable", wanted, "create a table", reads=False)
    made = [values.slug(random) for _ in range(random.randint(2, 4))]
    for number in made:
        row = {"id": {"S": number}, "age": {"N": str(random.randint(1, 99))}, "name": {"S": values.name(random)}}
        dynamo(client, random, "PutItem", {"TableName": table, "Item": row}, "put an item", reads=False)
    one: dict[str, object] = {"TableName": table, "Key": {"id": {"S": random.choice(made)}}}
    dynamo(client, random, "GetItem", one, "get the item", reads=True)
    change = {
        "UpdateExpression": "SET age = :a",
        "ExpressionAttributeValues": {":a": {"N": str(random.randint(100, 199))}},
    }
    dynamo(client, random, "UpdateItem", {**one, **change, "ReturnValues": "ALL_NEW"}, "update the item", reads=True)
    dynamo(client, random, "GetItem", one, "get the item, updated", reads=True)
    if random.random() < 0.6:
        dynamo(client, random, "Scan", {"TableName": table}, "scan", reads=True)
    dynamo(client, random, "DeleteItem", one, "delete the item", reads=False)
    dynamo(client, random, "GetItem", one, "get the item, deleted", reads=True)
    if random.random() < 0.5:
        dynamo(client, random, "DescribeTable", {"TableName": table}, "describe the table", reads=True)


def sqs(
    client: Client, random: Random, asked: dict[str, str], label: str, path: str = "/", *, reads: bool = False
) -> Answered:
    return client.ask(
        label, "POST", path, form={**asked, "Version": "2012-11-05"}, headers=signed("sqs", random), reads=reads
    )


def messages(client: Client, random: Random) -> None:
    queue = f"{values.word(random)}-{random.randint(100, 9999)}"
    sqs(client, random, {"Action": "CreateQueue", "QueueName": queue}, "create a queue")
    path = f"/123456789012/{queue}"
    for _ in range(random.randint(1, 2)):
        text = b64encode(values.sentence(random).encode()).decode() if random.random() < 0.3 else values.title(random)
        sqs(client, random, {"Action": "SendMessage", "MessageBody": text}, "send a message", path)
    got = sqs(client, random, {"Action": "ReceiveMessage"}, "receive a message", path, reads=True)
    asked = {"Action": "DeleteMessage", "ReceiptHandle": tag_in(got, "ReceiptHandle")}
    sqs(client, random, asked, "delete the message", path)
    asked = {"Action": "GetQueueAttributes", "AttributeName.1": "ApproximateNumberOfMessages"}
    sqs(client, random, asked, "messages left", path, reads=True)


def mistakes(client: Client, random: Random) -> None:
    s3 = signed("s3", random)
    nowhere = f"{values.slug(random)}-{random.randint(100, 999)}"
    missing: dict[str, object] = {"TableName": values.word(random), "Key": {"id": {"S": values.slug(random)}}}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no such bucket", "GET", f"/{nowhere}", headers=s3),
        lambda: client.ask("no such object", "GET", f"/{bucket(client, random)}/{values.slug(random)}", headers=s3),
        lambda: client.ask("put into no bucket", "PUT", f"/{nowhere}/a.txt", content=b"x", headers=s3),
        lambda: dynamo(client, random, "GetItem", missing, "no such table", reads=False),
        lambda: sqs(client, random, {"Action": "GetQueueUrl", "QueueName": nowhere}, "no such queue"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()
