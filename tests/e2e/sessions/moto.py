"""A session with moto: S3 objects, ranges, paging and multipart uploads, DynamoDB told apart by a header, an SQS queue."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from e2e.client import Client, Step

BYTES = bytes(range(256)) * 48
BUCKET = "/mimic-bucket"


def _signed(service: str, moment: int = 0) -> dict[str, str]:
    """Give headers as a signing client sends them: another date and signature with every request."""
    at = f"20260314T0926{moment % 60:02d}Z"
    scope = f"AKIAMIMICE2EEXAMPLE0/20260314/us-east-1/{service}/aws4_request"
    sign = f"{moment * 7919 + 17:064x}"
    text = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={sign}"
    return {"Authorization": text, "X-Amz-Date": at}


S3 = _signed("s3")


def _between(name: str, text: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", text)
    return found[1] if found else ""


def objects(client: Client) -> None:
    client.call("PUT", BUCKET, headers=S3)
    stored = {**S3, "Content-Type": "application/octet-stream", "x-amz-meta-author": "lou"}
    tag = client.call("PUT", f"{BUCKET}/deep/raw%20bytes.bin", body=BYTES, headers=stored).header("etag")
    whole = client.call("GET", f"{BUCKET}/deep/raw%20bytes.bin", headers=S3)
    client.expect(whole.body == BYTES and whole.header("etag") == tag, "the bytes came back under the same tag")
    part = client.call("GET", f"{BUCKET}/deep/raw%20bytes.bin", headers={**S3, "Range": "bytes=16-31"}, status=206)
    client.expect(part.body == BYTES[16:32], "the part came")
    client.call("HEAD", f"{BUCKET}/deep/raw%20bytes.bin", headers=S3)
    client.call("GET", f"{BUCKET}/deep/raw%20bytes.bin", headers={**S3, "If-None-Match": tag}, status=304)
    for number in range(5):
        client.call("PUT", f"{BUCKET}/n{number}.txt", body=f"number {number}".encode(), headers=S3)
    page = client.call("GET", f"{BUCKET}?list-type=2&max-keys=4", headers=S3).text()
    token = urllib.parse.quote(_between("NextContinuationToken", page), safe="")
    rest = client.call("GET", f"{BUCKET}?list-type=2&max-keys=4&continuation-token={token}", headers=S3).text()
    client.expect("<IsTruncated>true" in page and "<IsTruncated>false" in rest, "two pages came")
    client.call("GET", f"{BUCKET}?list-type=2&prefix=deep/&delimiter=/", headers=S3)
    client.call("PUT", f"{BUCKET}/copy.txt", headers={**S3, "x-amz-copy-source": f"{BUCKET}/n0.txt"})
    client.call("GET", f"{BUCKET}/n1.txt", headers=S3)
    client.call("DELETE", f"{BUCKET}/n1.txt", headers=S3, status=204)
    client.call("GET", f"{BUCKET}/n1.txt", headers=S3, status=404)
    _upload_in_parts(client)


def _upload_in_parts(client: Client) -> None:
    name = _between("UploadId", client.call("POST", f"{BUCKET}/large?uploads", headers=S3).text())
    tags = []
    for number, body in ((1, b"m" * (5 << 20)), (2, b"the end")):
        target = f"{BUCKET}/large?partNumber={number}&uploadId={urllib.parse.quote(name, safe='')}"
        tags.append(client.call("PUT", target, body=body, headers=S3).header("etag"))
    parts = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>" for n, tag in enumerate(tags, 1))
    document = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    client.call("POST", f"{BUCKET}/large?uploadId={urllib.parse.quote(name, safe='')}", body=document, headers=S3)
    client.expect(len(client.call("GET", f"{BUCKET}/large", headers=S3).body) == (5 << 20) + 7, "all parts came")


def absences(client: Client) -> None:
    client.call("GET", "/mimic-no-bucket/none", headers=S3, status=404)
    client.call("GET", "/mimic-no-bucket", headers=S3, status=404)


def table(client: Client) -> None:
    moments = iter(range(1, 60))

    def ask(operation: str, document: dict[str, Any], status: int = 200) -> Step:
        target = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        headers = {**_signed("dynamodb", next(moments)), **target}
        return client.call("POST", "/", body=json.dumps(document).encode(), headers=headers, status=status)

    columns = [{"AttributeName": "id", "AttributeType": "S"}]
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    made = {"TableName": "boats", "KeySchema": keys, "AttributeDefinitions": columns}
    ask("CreateTable", {**made, "BillingMode": "PAY_PER_REQUEST"})
    for number in range(3):
        raw = base64.b64encode(bytes([number, 255])).decode()
        ask(
            "PutItem",
            {"TableName": "boats", "Item": {"id": {"S": f"b{number}"}, "crew": {"N": "4"}, "raw": {"B": raw}}},
        )
    key = {"TableName": "boats", "Key": {"id": {"S": "b1"}}}
    client.expect(ask("GetItem", key).json()["Item"]["crew"]["N"] == "4", "four in the crew")
    more = {"UpdateExpression": "SET crew = crew + :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    ask("UpdateItem", {**key, **more, "ReturnValues": "ALL_NEW"})
    client.expect(ask("GetItem", key).json()["Item"]["crew"]["N"] == "5", "the same request shows five")
    ask("Scan", {"TableName": "boats", "Limit": 2})
    ask("DeleteItem", key)
    client.expect("Item" not in ask("GetItem", key).json(), "the same request shows none")
    ask("PutItem", {"TableName": "absent", "Item": {"id": {"S": "x"}}}, status=400)


def queue(client: Client) -> None:
    moments = iter(range(1, 60))

    def ask(target: str, action: str, **fields: str) -> str:
        form = {"Action": action, **fields, "Version": "2012-11-05"}
        return client.call("POST", target, form=form, headers=_signed("sqs", next(moments))).text()

    at = urllib.parse.urlsplit(_between("QueueUrl", ask("/", "CreateQueue", QueueName="errands"))).path
    for number in range(2):
        ask(at, "SendMessage", MessageBody=f"errand {number} for lou@example.org")
    receipts = []
    for number in range(2):
        text = ask(at, "ReceiveMessage")
        client.expect(f"errand {number}" in text, f"the same request brings message {number}")
        receipts.append(_between("ReceiptHandle", text))
    for receipt in receipts:
        ask(at, "DeleteMessage", ReceiptHandle=receipt)


PARTS = (objects, absences, table, queue)
