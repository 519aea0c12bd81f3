"""Sessions of seven AWS services: parameters, secrets, topics, users, streams, zones of names, schedules."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from random import Random
from uuid import UUID

from bench.fidelity import values
from bench.fidelity.client import AbortedError, Answered, Client
from bench.fidelity.sessions.moto import signed, tag_in

_XMLNS = "https://route53.amazonaws.com/doc/2013-04-01/"


def play(client: Client, random: Random) -> None:
    kinds = [parameters, secrets, topics, users, streams, zones, schedules]
    random.shuffle(kinds)
    for kind in kinds[:4]:
        kind(client, random)


def by_target(
    client: Client, random: Random, service: str, target: str, asked: dict[str, object], label: str, *, reads: bool
) -> Answered:
    headers = signed(service, random) | {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    return client.ask(label, "POST", "/", content=json.dumps(asked).encode(), headers=headers, reads=reads)


def by_action(
    client: Client, random: Random, service: str, asked: dict[str, str], label: str, *, reads: bool
) -> Answered:
    version = {"sns": "2010-03-31", "iam": "2010-05-08"}[service]
    form = {"Action": asked["Action"], "Version": version} | asked
    return client.ask(label, "POST", "/", form=form, headers=signed(service, random), reads=reads)


def parameters(client: Client, random: Random) -> None:
    def ssm(target: str, asked: dict[str, object], label: str, *, reads: bool = False) -> Answered:
        return by_target(client, random, "ssm", f"AmazonSSM.{target}", asked, label, reads=reads)

    folder = f"/{values.word(random)}/{random.choice(('prod', 'test', 'dev'))}"
    names = [f"{folder}/{word}" for word in random.sample(values.WORDS, random.randint(3, 5))]
    for name in names:
        asked: dict[str, object] = {"Name": name, "Value": values.title(random), "Type": "String"}
        if random.random() < 0.4:
            asked["Description"] = values.sentence(random)
        if random.random() < 0.2:
            asked |= {"Type": "StringList", "Value": ",".join(random.sample(values.WORDS, 3))}
        ssm("PutParameter", asked, "put a parameter")
    name = random.choice(names)
    ssm("GetParameter", {"Name": name}, "get the parameter", reads=True)
    if random.random() < 0.6:
        again: dict[str, object] = {"Name": name, "Value": values.title(random), "Type": "String"}
        ssm("PutParameter", again, "put it again without overwriting")
    change = {"Name": name, "Value": values.title(random), "Type": "String", "Overwrite": True}
    ssm("PutParameter", change, "overwrite the parameter")
    ssm("GetParameter", {"Name": name}, "get the parameter, changed", reads=True)
    if random.random() < 0.5:
        ssm("GetParameterHistory", {"Name": name}, "history of the parameter", reads=True)
    if random.random() < 0.5:
        wanted = [*random.sample(names, 2), f"{folder}/{values.slug(random)}"]
        ssm("GetParameters", {"Names": wanted}, "get several parameters", reads=True)
    page = ssm("GetParametersByPath", {"Path": folder, "MaxResults": 2}, "parameters of the path", reads=True)
    following = {"Path": folder, "MaxResults": 2, "NextToken": page.take("NextToken")}
    ssm("GetParametersByPath", following, "parameters of the path, next page", reads=True)
    ssm("DeleteParameter", {"Name": name}, "delete the parameter")
    ssm("GetParameter", {"Name": name}, "get the parameter, deleted", reads=True)
    if random.random() < 0.4:
        ssm("DeleteParameter", {"Name": name}, "delete the parameter again")


def secrets(client: Client, random: Random) -> None:
    def secret(target: str, asked: dict[str, object], label: str, *, reads: bool = False) -> Answered:
        return by_target(client, random, "secretsmanager", f"secretsmanager.{target}", asked, label, reads=reads)

    def token() -> str:
        return str(UUID(int=random.getrandbits(128), version=4))

    names = [f"{values.word(random)}/{values.slug(random)}" for _ in range(random.randint(2, 3))]
    for name in names:
        asked: dict[str, object] = {"Name": name, "SecretString": values.sentence(random)}
        asked["ClientRequestToken"] = token()
        if random.random() < 0.5:
            asked["Description"] = values.title(random)
        secret("CreateSecret", asked, "create a secret")
    one = {"SecretId": random.choice(names)}
    secret("GetSecretValue", {**one}, "get the secret", reads=True)
    if random.random() < 0.4:
        again: dict[str, object] = {"Name": one["SecretId"], "SecretString": "x", "ClientRequestToken": token()}
        secret("CreateSecret", again, "create the same secret")
    change: dict[str, object] = {**one, "SecretString": values.sentence(random), "ClientRequestToken": token()}
    secret("PutSecretValue", {**change}, "put another value")
    secret("GetSecretValue", {**one}, "get the secret, changed", reads=True)
    if random.random() < 0.5:
        secret("GetSecretValue", {**one, "VersionStage": "AWSPREVIOUS"}, "get the value before", reads=True)
    if random.random() < 0.5:
        tags = [{"Key": values.word(random), "Value": values.word(random)}]
        secret("TagResource", {**one, "Tags": tags}, "tag the secret")
    if random.random() < 0.7:
        secret("DescribeSecret", {**one}, "describe the secret", reads=True)
    if random.random() < 0.6:
        secret("ListSecrets", {}, "list the secrets", reads=True)
    secret("DeleteSecret", {**one}, "delete the secret")
    secret("GetSecretValue", {**one}, "get the secret, deleted", reads=True)
    if random.random() < 0.5:
        secret("RestoreSecret", {**one}, "restore the secret")
        secret("GetSecretValue", {**one}, "get the secret, restored", reads=True)
    if random.random() < 0.4:
        secret("GetSecretValue", {"SecretId": values.slug(random)}, "no such secret")


def topics(client: Client, random: Random) -> None:
    def sns(action: str, asked: dict[str, str], label: str, *, reads: bool = False) -> Answered:
        return by_action(client, random, "sns", {"Action": action, **asked}, label, reads=reads)

    name = f"{values.word(random)}-{random.randint(10, 9999)}"
    topic = {"TopicArn": tag_in(sns("CreateTopic", {"Name": name}, "create a topic"), "TopicArn")}
    if random.random() < 0.5:
        sns("CreateTopic", {"Name": f"{values.word(random)}-{random.randint(10, 9999)}"}, "create a topic")
    if random.random() < 0.5:
        sns("ListTopics", {}, "list the topics", reads=True)
    subscription = ""
    for _ in range(random.randint(1, 3)):
        asked = topic | {"Protocol": "email", "Endpoint": values.email(random)}
        if random.random() < 0.3:
            asked = topic | {"Protocol": "sms", "Endpoint": values.phone(random)}
        subscription = tag_in(sns("Subscribe", asked, "subscribe"), "SubscriptionArn")
    sns("ListSubscriptionsByTopic", topic, "subscriptions of the topic", reads=True)
    named = topic | {"AttributeName": "DisplayName", "AttributeValue": values.title(random)}
    sns("SetTopicAttributes", named, "name the topic")
    sns("GetTopicAttributes", topic, "attributes of the topic", reads=True)
    if random.random() < 0.6:
        sns("GetSubscriptionAttributes", {"SubscriptionArn": subscription}, "the subscription", reads=True)
    sns("Unsubscribe", {"SubscriptionArn": subscription}, "unsubscribe")
    sns("ListSubscriptionsByTopic", topic, "subscriptions left", reads=True)
    if random.random() < 0.7:
        sns("DeleteTopic", topic, "delete the topic")
        sns("GetTopicAttributes", topic, "attributes of the topic, deleted", reads=True)
        if random.random() < 0.5:
            sns("Subscribe", topic | {"Protocol": "email", "Endpoint": values.email(random)}, "subscribe to nothing")


def users(client: Client, random: Random) -> None:
    def iam(action: str, asked: dict[str, str], label: str, *, reads: bool = False) -> Answered:
        return by_action(client, random, "iam", {"Action": action, **asked}, label, reads=reads)

    names = [values.login(random) for _ in range(random.randint(2, 3))]
    for name in names:
        path = {"Path": f"/{values.word(random)}/"} if random.random() < 0.4 else {}
        iam("CreateUser", {"UserName": name, **path}, "create a user")
    user = {"UserName": random.choice(names)}
    iam("GetUser", user, "get the user", reads=True)
    if random.random() < 0.4:
        iam("CreateUser", user, "create the same user")
    group = {"GroupName": values.slug(random)}
    iam("CreateGroup", group, "create a group")
    iam("AddUserToGroup", group | user, "add the user to the group")
    if random.random() < 0.5:
        iam("AddUserToGroup", group | {"UserName": names[0]}, "add a user to the group")
    iam("GetGroup", group, "the group with its users", reads=True)
    if random.random() < 0.5:
        iam("ListGroupsForUser", user, "groups of the user", reads=True)
    if random.random() < 0.5:
        iam("ListUsers", {}, "list the users", reads=True)
    iam("RemoveUserFromGroup", group | user, "take the user out of the group")
    iam("GetGroup", group, "the group without the user", reads=True)
    iam("DeleteUser", user, "delete the user")
    iam("GetUser", user, "get the user, deleted", reads=True)
    if random.random() < 0.4:
        iam("GetGroup", {"GroupName": values.slug(random)}, "no such group")


def streams(client: Client, random: Random) -> None:
    def kinesis(target: str, asked: dict[str, object], label: str, *, reads: bool = False) -> Answered:
        return by_target(client, random, "kinesis", f"Kinesis_20131202.{target}", asked, label, reads=reads)

    stream = {"StreamName": f"{values.word(random)}-{random.randint(10, 9999)}"}
    kinesis("CreateStream", {**stream, "ShardCount": 1}, "create a stream")
    if random.random() < 0.4:
        kinesis("CreateStream", {**stream, "ShardCount": 1}, "create the same stream")
    for _ in range(random.randint(2, 4)):
        data = b64encode(values.sentence(random).encode()).decode()
        kinesis("PutRecord", {**stream, "Data": data, "PartitionKey": values.word(random)}, "put a record")
    if random.random() < 0.6:
        kinesis("DescribeStreamSummary", {**stream}, "summary of the stream", reads=True)
    start = {**stream, "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}
    iterator = kinesis("GetShardIterator", {**start}, "begin to read").take("ShardIterator")
    page = kinesis("GetRecords", {"ShardIterator": iterator, "Limit": random.randint(1, 2)}, "read records", reads=True)
    following = {"ShardIterator": page.take("NextShardIterator"), "Limit": 10}
    kinesis("GetRecords", {**following}, "read the records that follow", reads=True)
    if random.random() < 0.5:
        kinesis("ListStreams", {}, "list the streams", reads=True)
    kinesis("DeleteStream", {**stream}, "delete the stream")
    kinesis("DescribeStreamSummary", {**stream}, "summary of the stream, deleted", reads=True)


def change_of(action: str, name: str, address: str) -> bytes:
    records = f"<ResourceRecords><ResourceRecord><Value>{address}</Value></ResourceRecord></ResourceRecords>"
    told = f"<ResourceRecordSet><Name>{name}</Name><Type>A</Type><TTL>60</TTL>{records}</ResourceRecordSet>"
    changes = f"<Changes><Change><Action>{action}</Action>{told}</Change></Changes>"
    root = "ChangeResourceRecordSetsRequest"
    return f'<{root} xmlns="{_XMLNS}"><ChangeBatch>{changes}</ChangeBatch></{root}>'.encode()


def zones(client: Client, random: Random) -> None:
    def dns(method: str, path: str, label: str, content: bytes | None = None, *, reads: bool = False) -> Answered:
        headers = signed("route53", random) | ({"Content-Type": "application/xml"} if content else {})
        return client.ask(label, method, f"/2013-04-01{path}", content=content, headers=headers, reads=reads)

    domain = f"{values.slug(random)}.example"
    asked = f"<Name>{domain}</Name><CallerReference>{random.getrandbits(48):012x}</CallerReference>"
    comment = f"<HostedZoneConfig><Comment>{values.title(random)}</Comment></HostedZoneConfig>"
    root = "CreateHostedZoneRequest"
    made = dns("POST", "/hostedzone", "create a zone", f'<{root} xmlns="{_XMLNS}">{asked}{comment}</{root}>'.encode())
    found = re.search("<Id>/hostedzone/(.*?)</Id>", made.text)
    if found is None:
        raise AbortedError(f"no id of the zone (status {made.status})")
    zone = f"/hostedzone/{found[1]}"
    dns("GET", zone, "get the zone", reads=True)
    hosts = {f"{name}.{domain}": f"10.0.{random.randint(0, 255)}.{random.randint(1, 254)}" for name in ("www", "api")}
    for host, address in hosts.items():
        dns("POST", f"{zone}/rrset", "create a name", change_of("CREATE", host, address))
    host = random.choice(list(hosts))
    if random.random() < 0.5:
        dns("POST", f"{zone}/rrset", "create the same name", change_of("CREATE", host, hosts[host]))
    if random.random() < 0.6:
        hosts[host] = f"10.1.{random.randint(0, 255)}.{random.randint(1, 254)}"
        dns("POST", f"{zone}/rrset", "change the name", change_of("UPSERT", host, hosts[host]))
    dns("GET", f"{zone}/rrset", "names of the zone", reads=True)
    if random.random() < 0.5:
        dns("GET", "/hostedzone", "list the zones", reads=True)
    dns("DELETE", zone, "delete the zone, not empty")
    for name, address in hosts.items():
        dns("POST", f"{zone}/rrset", "delete a name", change_of("DELETE", name, address))
    dns("GET", zone, "get the zone, emptied", reads=True)
    dns("DELETE", zone, "delete the zone")
    dns("GET", zone, "get the zone, deleted", reads=True)


def schedules(client: Client, random: Random) -> None:
    def plan(
        method: str, path: str, label: str, json: dict[str, object] | None = None, *, reads: bool = False
    ) -> Answered:
        return client.ask(label, method, path, json=json, headers=signed("scheduler", random), reads=reads)

    def wanted(state: str = "ENABLED") -> dict[str, object]:
        every = f"rate({random.randint(2, 90)} minutes)"
        target = {"Arn": f"arn:aws:sqs:us-east-1:123456789012:{values.word(random)}"}
        target["RoleArn"] = f"arn:aws:iam::123456789012:role/{values.word(random)}"
        return {
            "ScheduleExpression": every,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": target,
            "State": state,
        }

    group = values.slug(random)
    plan("POST", f"/schedule-groups/{group}", "create a group of schedules", {})
    names = [values.slug(random) for _ in range(random.randint(2, 3))]
    for name in names:
        asked = wanted() | {"GroupName": group}
        if random.random() < 0.4:
            asked["Description"] = values.sentence(random)
        plan("POST", f"/schedules/{name}", "create a schedule", asked)
    name = random.choice(names)
    path = f"/schedules/{name}?groupName={group}"
    plan("GET", path, "get the schedule", reads=True)
    if random.random() < 0.4:
        plan("POST", f"/schedules/{name}", "create the same schedule", wanted() | {"GroupName": group})
    plan("PUT", f"/schedules/{name}", "change the schedule", wanted("DISABLED") | {"GroupName": group})
    plan("GET", path, "get the schedule, changed", reads=True)
    if random.random() < 0.6:
        plan("GET", f"/schedules?ScheduleGroup={group}", "schedules of the group", reads=True)
    if random.random() < 0.5:
        plan("GET", f"/schedule-groups/{group}", "get the group", reads=True)
    plan("DELETE", path, "delete the schedule")
    plan("GET", path, "get the schedule, deleted", reads=True)
    if random.random() < 0.5:
        plan("GET", "/schedules", "list the schedules", reads=True)
