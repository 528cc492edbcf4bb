#!/usr/bin/env python3
"""Calls the service by boto3 and checks every answer.

    python3 service_calls.py URL

The stream `gate` is there with six fragments, whose producer timestamps are 1763820202 + 0, 2, ... 10 seconds.
boto3 sends times in whole seconds. Keys and AWS_CA_BUNDLE are taken from the environment.
Prints `ok` at the end; an assertion that fails ends it with status 1.
"""
import os
import sys

import boto3
from botocore.config import Config

URL = sys.argv[1]
START = 1763820202


def client(name, url=URL):
    return boto3.client(
        name,
        endpoint_url=url,
        region_name="local-1",
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "test"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
        config=Config(retries={"max_attempts": 1}, connect_timeout=10, read_timeout=20),
    )


def refused(shape, call, **arguments):
    try:
        call(**arguments)
    except video.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == shape, error
    else:
        raise AssertionError(f"{call.__name__} was not refused")


video = client("kinesisvideo")

# Life of a stream.
arn = video.create_stream(StreamName="roof", DataRetentionInHours=2, MediaType="video/h264", DeviceName="cam")["StreamARN"]
refused("ResourceInUseException", video.create_stream, StreamName="roof")
info = video.describe_stream(StreamName="roof")["StreamInfo"]
assert (info["StreamARN"], info["Status"], info["DataRetentionInHours"]) == (arn, "ACTIVE", 2), info
assert (info["MediaType"], info["DeviceName"]) == ("video/h264", "cam"), info
assert arn.rsplit("/", 1)[1] == str(round(info["CreationTime"].timestamp() * 1000)), info
assert video.describe_stream(StreamARN=arn)["StreamInfo"] == info
change = dict(StreamName="roof", Operation="INCREASE_DATA_RETENTION", DataRetentionChangeInHours=3)
refused("VersionMismatchException", video.update_data_retention, CurrentVersion="other", **change)
video.update_data_retention(CurrentVersion=info["Version"], **change)
updated = video.describe_stream(StreamName="roof")["StreamInfo"]
assert updated["DataRetentionInHours"] == 5 and updated["Version"] != info["Version"], updated
refused("VersionMismatchException", video.delete_stream, StreamARN=arn, CurrentVersion=info["Version"])
video.delete_stream(StreamARN=arn, CurrentVersion=updated["Version"])
refused("ResourceNotFoundException", video.describe_stream, StreamName="roof")
again = video.create_stream(StreamName="roof")["StreamARN"]
assert again != arn
refused("ResourceNotFoundException", video.describe_stream, StreamARN=arn)

# Listing.
for index in range(7):
    video.create_stream(StreamName=f"wall-{index}")
pages = list(video.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 3}))
names = [stream["StreamName"] for page in pages for stream in page["StreamInfoList"]]
assert names == ["gate", "roof"] + [f"wall-{index}" for index in range(7)], names
assert len(pages) == 3, len(pages)
condition = {"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": "wall"}
assert len(video.list_streams(StreamNameCondition=condition)["StreamInfoList"]) == 7

# Endpoints.
refused("InvalidArgumentException", video.get_data_endpoint, StreamName="gate", APIName="PUT_MEDIUM")
refused("ResourceNotFoundException", video.get_data_endpoint, StreamName="none", APIName="GET_MEDIA")
endpoints = {
    name: video.get_data_endpoint(StreamName="gate", APIName=name)["DataEndpoint"]
    for name in ["PUT_MEDIA", "GET_MEDIA", "LIST_FRAGMENTS", "GET_MEDIA_FOR_FRAGMENT_LIST"]
}
assert set(endpoints.values()) == {URL}, endpoints

# ListFragments on both clocks.
archive = client("kinesis-video-archived-media", endpoints["LIST_FRAGMENTS"])


def fragments(clock, start, end, page=1000):
    selector = {"FragmentSelectorType": clock, "TimestampRange": {"StartTimestamp": start, "EndTimestamp": end}}
    paginator = archive.get_paginator("list_fragments")
    pages = paginator.paginate(StreamName="gate", FragmentSelector=selector, PaginationConfig={"PageSize": page})
    return [fragment for page in pages for fragment in page["Fragments"]]


everything = fragments("PRODUCER_TIMESTAMP", 0, START + 1000)
assert [f["ProducerTimestamp"].timestamp() for f in everything] == [START + 2 * s for s in range(6)], everything
assert all(f["FragmentLengthInMilliseconds"] == 80 and f["FragmentSizeInBytes"] > 200 for f in everything)
numbers = [f["FragmentNumber"] for f in everything]
assert numbers == sorted(numbers, key=int) and len(set(numbers)) == 6
assert fragments("PRODUCER_TIMESTAMP", START + 2, START + 6, page=2) == everything[1:4]
assert fragments("PRODUCER_TIMESTAMP", START + 3, START + 3) == []
first, last = everything[0]["ServerTimestamp"], everything[-1]["ServerTimestamp"]
assert fragments("SERVER_TIMESTAMP", first.timestamp() - 1, last.timestamp() + 1, page=1) == everything
assert fragments("SERVER_TIMESTAMP", 0, first.timestamp() - 2) == []
refused(
    "InvalidArgumentException", archive.list_fragments, StreamName="gate",
    FragmentSelector={"FragmentSelectorType": "SERVER_TIMESTAMP", "TimestampRange": {"StartTimestamp": 2, "EndTimestamp": 1}},
)
refused("InvalidArgumentException", archive.list_fragments, StreamName="gate", NextToken="bm90aGluZw==")

# GetMedia from each start.
media = client("kinesis-video-media", endpoints["GET_MEDIA"])


def chunks(body, count):
    """Numbers of the first `count` chunks; the body is endless, so it is read until they are whole."""
    data, found, name = b"", [], b"AWS_KINESISVIDEO_CONTINUATION_TOKEN"
    while len(found) < count:
        data += body.read(1)
        if data.endswith(name):
            # TagString: its id, a size field of 4 bytes, 47 digits.
            found.append(body.read(2 + 4 + 47)[-47:].decode())
    body.close()
    return found


def start(**selector):
    answer = media.get_media(StreamName="gate", StartSelector=selector)
    assert answer["ContentType"] == "video/webm", answer
    return answer["Payload"]


assert chunks(start(StartSelectorType="EARLIEST"), 6) == numbers
assert chunks(start(StartSelectorType="NOW"), 1) == numbers[5:]
assert chunks(start(StartSelectorType="FRAGMENT_NUMBER", AfterFragmentNumber=numbers[1]), 4) == numbers[2:]
assert chunks(start(StartSelectorType="CONTINUATION_TOKEN", ContinuationToken=numbers[3]), 2) == numbers[4:]
assert chunks(start(StartSelectorType="PRODUCER_TIMESTAMP", StartTimestamp=START + 4), 4) == numbers[2:]
assert chunks(start(StartSelectorType="PRODUCER_TIMESTAMP", StartTimestamp=START + 5), 3) == numbers[3:]
late = chunks(start(StartSelectorType="SERVER_TIMESTAMP", StartTimestamp=last), 1)
assert int(late[0]) <= int(numbers[5]), late
assert chunks(start(StartSelectorType="SERVER_TIMESTAMP", StartTimestamp=1), 6) == numbers
refused("InvalidArgumentException", media.get_media, StreamName="gate", StartSelector={"StartSelectorType": "FRAGMENT_NUMBER"})
refused("InvalidArgumentException", media.get_media, StreamName="gate", StartSelector={"StartSelectorType": "CONTINUATION_TOKEN", "ContinuationToken": "no.token"})
refused("ResourceNotFoundException", media.get_media, StreamName="none", StartSelector={"StartSelectorType": "NOW"})

# Fragments by number: in the order asked, and what is missing is said in place.
wanted = [numbers[4], numbers[0], numbers[4]]
body = archive.get_media_for_fragment_list(StreamName="gate", Fragments=wanted)["Payload"].read()
places = [body.find(number.encode(), 0 if index < 2 else body.find(numbers[0].encode())) for index, number in enumerate(wanted)]
assert -1 not in places and places == sorted(places), places
assert b"ERROR" not in body
missing = str(int(numbers[5]) + 1).rjust(47, "0")
body = archive.get_media_for_fragment_list(StreamName="gate", Fragments=[numbers[0], missing, numbers[1]])["Payload"].read()
assert numbers[0].encode() in body and missing.encode() in body and numbers[1].encode() not in body
assert body.find(b"FRAGMENT_NOT_FOUND") < body.find(b"AWS_KINESISVIDEO_ERROR_ID") < body.find(missing.encode())
refused("InvalidArgumentException", archive.get_media_for_fragment_list, StreamName="gate", Fragments=["12x"])

print("ok")
