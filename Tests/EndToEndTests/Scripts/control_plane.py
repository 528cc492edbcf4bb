#!/usr/bin/env python3
"""Calls every operation of the control plane by boto3, with good and with bad arguments.

    python3 control_plane.py URL

boto3's own checks of arguments are switched off, so that the service sees what is wrong. Prints `ok` at the end; an
assertion that fails ends it with status 1.
"""
import json
import re
import sys
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

URL = sys.argv[1]
video = boto3.client(
    "kinesisvideo",
    endpoint_url=URL,
    region_name="local-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=Config(parameter_validation=False, retries={"max_attempts": 1}, connect_timeout=10, read_timeout=20),
)
INVALID, MISSING, FORMAT = "InvalidArgumentException", "ResourceNotFoundException", "InvalidResourceFormatException"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def refused(shape, call, **arguments):
    status = 404 if shape == MISSING else 400
    try:
        call(**arguments)
    except getattr(video.exceptions, shape, video.exceptions.ClientError) as error:
        answer = error.response
        found = (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"])
        assert found == (shape, status) and answer["Error"]["Message"], (call.__name__, arguments, error)
        assert UUID.fullmatch(answer["ResponseMetadata"]["RequestId"]), answer
    else:
        raise AssertionError(f"{call.__name__}({arguments}) was not refused")


def answer(call, **arguments):
    """The members of an answer; every one carries a request id."""
    found = call(**arguments)
    metadata = found.pop("ResponseMetadata")
    assert metadata["HTTPStatusCode"] == 200 and UUID.fullmatch(metadata["RequestId"]), metadata
    return found


# CreateStream, DescribeStream.
created = answer(
    video.create_stream, StreamName="yard", DeviceName="cam", MediaType="video/h264,audio/aac", KmsKeyId="key",
    DataRetentionInHours=4, Tags={"site": "yard"}, StreamStorageConfiguration={"DefaultStorageTier": "WARM"},
)
arn = created["StreamARN"]
assert set(created) == {"StreamARN"} and re.fullmatch(r"arn:aws:kinesisvideo:local-1:0{12}:stream/yard/\d{13}", arn), arn
for bad in [
    {}, {"StreamName": ""}, {"StreamName": "a b"}, {"StreamName": "a" * 257}, {"StreamName": 7}, {"StreamName": None},
    {"StreamName": "n", "DeviceName": "a/b"}, {"StreamName": "n", "MediaType": "video"},
    {"StreamName": "n", "KmsKeyId": ""}, {"StreamName": "n", "DataRetentionInHours": -1},
    {"StreamName": "n", "DataRetentionInHours": 87601}, {"StreamName": "n", "DataRetentionInHours": 1.5},
    {"StreamName": "n", "DataRetentionInHours": "1"}, {"StreamName": "n", "Tags": {}},
    {"StreamName": "n", "Tags": {f"k{i}": "" for i in range(51)}}, {"StreamName": "n", "Tags": {"a*": "b"}},
    {"StreamName": "n", "StreamStorageConfiguration": {"DefaultStorageTier": "COLD"}},
]:
    refused(INVALID, video.create_stream, **bad)
refused("ResourceInUseException", video.create_stream, StreamName="yard")
info = answer(video.describe_stream, StreamName="yard")["StreamInfo"]
assert answer(video.describe_stream, StreamARN=arn, StreamName="yard")["StreamInfo"] == info
assert set(info) == {
    "DeviceName", "StreamName", "StreamARN", "MediaType", "KmsKeyId", "Version", "Status", "CreationTime",
    "DataRetentionInHours",
}, info
assert re.fullmatch(r"[A-Za-z0-9]{20}", info["Version"]) and info["Status"] == "ACTIVE" and info["KmsKeyId"] == "key"
plain = answer(video.create_stream, StreamName="plain")["StreamARN"]
plain_info = answer(video.describe_stream, StreamName="plain")["StreamInfo"]
assert plain_info["KmsKeyId"] == "arn:aws:kms:local-1:000000000000:alias/aws/kinesisvideo", plain_info
assert plain_info["DataRetentionInHours"] == 0
refused(INVALID, video.describe_stream)
refused(INVALID, video.describe_stream, StreamARN="arn:aws:s3:::yard")
refused(INVALID, video.describe_stream, StreamName="plain", StreamARN=arn)
refused(MISSING, video.describe_stream, StreamName="none")
refused(MISSING, video.describe_stream, StreamARN=arn.replace("local-1", "eu-west-1"))


def version(name="yard"):
    return video.describe_stream(StreamName=name)["StreamInfo"]["Version"]


# UpdateStream, UpdateDataRetention.
assert answer(video.update_stream, StreamName="yard", CurrentVersion=version(), MediaType="video/h265") == {}
info = answer(video.describe_stream, StreamName="yard")["StreamInfo"]
assert (info["MediaType"], info["DeviceName"], info["Status"]) == ("video/h265", "cam", "ACTIVE"), info
refused(INVALID, video.update_stream, StreamName="yard", DeviceName="d")
refused(INVALID, video.update_stream, StreamName="yard", CurrentVersion="no-version")
refused(INVALID, video.update_stream, StreamName="yard", CurrentVersion=version(), DeviceName="")
refused("VersionMismatchException", video.update_stream, StreamName="yard", CurrentVersion="other")
refused(MISSING, video.update_stream, StreamName="none", CurrentVersion="other")
change = dict(StreamName="yard", Operation="DECREASE_DATA_RETENTION", DataRetentionChangeInHours=3)
before = version()
assert answer(video.update_data_retention, CurrentVersion=before, **change) == {}
assert answer(video.describe_stream, StreamName="yard")["StreamInfo"]["DataRetentionInHours"] == 1
refused("VersionMismatchException", video.update_data_retention, CurrentVersion=before, **change)
refused(INVALID, video.update_data_retention, CurrentVersion=version(), **change)
refused(INVALID, video.update_data_retention, CurrentVersion=version(), **{**change, "Operation": "SET"})
refused(INVALID, video.update_data_retention, CurrentVersion=version(), **{**change, "DataRetentionChangeInHours": 0})

# Tags, both families on one set.
assert answer(video.list_tags_for_stream, StreamName="yard") == {"Tags": {"site": "yard"}}
assert answer(video.tag_stream, StreamARN=arn, Tags={"site": "roof", "Höhe": "1 m"}) == {}
assert answer(video.tag_resource, ResourceARN=arn, Tags=[{"Key": "level", "Value": ""}]) == {}
assert answer(video.list_tags_for_resource, ResourceARN=arn) == {"Tags": {"site": "roof", "Höhe": "1 m", "level": ""}}
assert answer(video.untag_stream, StreamName="yard", TagKeyList=["Höhe", "none"]) == {}
assert answer(video.untag_resource, ResourceARN=arn, TagKeyList=["level"]) == {}
assert answer(video.list_tags_for_stream, StreamARN=arn) == {"Tags": {"site": "roof"}}
refused("TagsPerResourceExceededLimitException", video.tag_stream, StreamName="yard", Tags={f"k{i}": "" for i in range(50)})
refused(
    "TagsPerResourceExceededLimitException", video.tag_resource, ResourceARN=arn,
    Tags=[{"Key": f"k{i}", "Value": ""} for i in range(50)],
)
assert answer(video.list_tags_for_stream, StreamARN=arn) == {"Tags": {"site": "roof"}}
for call, more in [
    (video.tag_stream, {"Tags": {"a": "b"}}), (video.untag_stream, {"TagKeyList": ["a"]}), (video.list_tags_for_stream, {}),
]:
    refused(FORMAT, call, StreamARN="arn:aws:s3:::yard", **more)
    refused(INVALID, call, **more)
    refused(MISSING, call, StreamName="none", **more)
for call, more in [
    (video.tag_resource, {"Tags": [{"Key": "a", "Value": "b"}]}), (video.untag_resource, {"TagKeyList": ["a"]}),
    (video.list_tags_for_resource, {}),
]:
    refused(INVALID, call, ResourceARN="arn:aws:s3:::yard", **more)
    refused(INVALID, call, **more)
    refused(MISSING, call, ResourceARN=arn + "0", **more)
for tags in [{}, {"": "a"}, {"a" * 129: "b"}, {"a": "b" * 257}, {"a": "{}"}, {"a": 1}]:
    refused(INVALID, video.tag_stream, StreamName="yard", Tags=tags)
for tags in [[], [{"Key": "a"}], [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]]:
    refused(INVALID, video.tag_resource, ResourceARN=arn, Tags=tags)
refused(INVALID, video.untag_stream, StreamName="yard", TagKeyList=[])
refused(INVALID, video.list_tags_for_stream, StreamName="yard", NextToken="YQ==")

# Configurations.
image = {
    "Status": "ENABLED", "ImageSelectorType": "SERVER_TIMESTAMP", "SamplingInterval": 3000, "Format": "JPEG",
    "DestinationConfig": {"Uri": "s3://bucket/prefix", "DestinationRegion": "us-west-2"},
    "FormatConfig": {"JPEGQuality": "70"}, "WidthPixels": 640,
}
notice = {"Status": "DISABLED", "DestinationConfig": {"Uri": "arn:aws:sns:us-west-2:000000000000:topic"}}
for describe, update, member, value, bad in [
    (
        video.describe_image_generation_configuration, video.update_image_generation_configuration,
        "ImageGenerationConfiguration", image,
        [{"Status": "ON"}, {"SamplingInterval": 100}, {"FormatConfig": {"JPEGQuality": "101"}}, {"WidthPixels": 3841},
         {"Format": "GIF"}, {"DestinationConfig": {"Uri": "bucket", "DestinationRegion": "us-west-2"}}],
    ),
    (
        video.describe_notification_configuration, video.update_notification_configuration,
        "NotificationConfiguration", notice, [{"Status": None}, {"DestinationConfig": {}}, {"DestinationConfig": {"Uri": ""}}],
    ),
]:
    assert answer(describe, StreamName="yard") == {}
    assert answer(update, StreamName="yard", **{member: value}) == {}
    assert answer(describe, StreamARN=arn) == {member: value}
    for change in bad:
        refused(INVALID, update, StreamName="yard", **{member: {**value, **change}})
    refused("NoDataRetentionException", update, StreamName="plain", **{member: value})
    refused(MISSING, update, StreamName="none", **{member: value})
    refused(MISSING, describe, StreamName="none")
    assert answer(describe, StreamARN=arn) == {member: value}
    assert answer(update, StreamName="yard") == {}
    assert answer(describe, StreamName="yard") == {}
storage = answer(video.describe_stream_storage_configuration, StreamName="yard")
assert storage == {"StreamName": "yard", "StreamARN": arn, "StreamStorageConfiguration": {"DefaultStorageTier": "WARM"}}
hot = {"DefaultStorageTier": "HOT"}
before = version()
update = video.update_stream_storage_configuration
assert answer(update, StreamName="yard", CurrentVersion=before, StreamStorageConfiguration=hot) == {}
assert answer(video.describe_stream_storage_configuration, StreamARN=arn)["StreamStorageConfiguration"] == hot
refused("VersionMismatchException", update, StreamName="yard", CurrentVersion=before, StreamStorageConfiguration=hot)
refused(INVALID, update, StreamName="yard", CurrentVersion=version(), StreamStorageConfiguration={})
refused(INVALID, update, StreamName="yard", StreamStorageConfiguration=hot)
mapped = video.describe_mapped_resource_configuration
assert answer(mapped, StreamName="yard", MaxResults=1) == {"MappedResourceConfigurationList": []}
refused(INVALID, mapped, StreamName="yard", MaxResults=2)

# ListStreams and its tokens.
listed = answer(video.list_streams)
assert [stream["StreamName"] for stream in listed["StreamInfoList"]] == ["plain", "yard"] and "NextToken" not in listed
page = answer(video.list_streams, MaxResults=1)
rest = answer(video.list_streams, MaxResults=1, NextToken=page["NextToken"])
assert [stream["StreamName"] for stream in rest["StreamInfoList"]] == ["yard"] and "NextToken" not in rest
begins = {"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": "y"}
assert answer(video.list_streams, StreamNameCondition={**begins, "ComparisonValue": "x"}) == {"StreamInfoList": []}
refused(INVALID, video.list_streams, NextToken=page["NextToken"], StreamNameCondition=begins)
refused(INVALID, video.list_streams, NextToken="YQ==")
refused(INVALID, video.list_streams, NextToken="a b")
refused(INVALID, video.list_streams, MaxResults=0)
refused(INVALID, video.list_streams, MaxResults=10001)
refused(INVALID, video.list_streams, StreamNameCondition={**begins, "ComparisonOperator": "ENDS_WITH"})

# GetDataEndpoint.
for name in [
    "PUT_MEDIA", "GET_MEDIA", "LIST_FRAGMENTS", "GET_MEDIA_FOR_FRAGMENT_LIST", "GET_HLS_STREAMING_SESSION_URL",
    "GET_DASH_STREAMING_SESSION_URL", "GET_CLIP", "GET_IMAGES",
]:
    assert answer(video.get_data_endpoint, StreamName="yard", APIName=name) == {"DataEndpoint": URL}
refused(INVALID, video.get_data_endpoint, StreamName="yard", APIName="GET_TEA")
refused(INVALID, video.get_data_endpoint, StreamName="yard")


# Other families of the same service, and what no client library would send.
def post(path, body, method="POST"):
    request = urllib.request.Request(URL + path, data=body, method=method, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as found:
            return found.status, found.headers, json.load(found)
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.load(error)


for path, body, name, status in [
    ("/createSignalingChannel", b"{}", "UnknownOperationException", 404),
    ("/describeEdgeConfiguration", b"{}", "UnknownOperationException", 404),
    ("/CreateStream", b"{}", "UnknownOperationException", 404),
    ("/tagResource", b"{}", "UnknownOperationException", 404),
    ("/describeStream", b"", INVALID, 400),
    ("/describeStream", b"[]", INVALID, 400),
    ("/describeStream", b"{", INVALID, 400),
    ("/describeStream", b'{"StreamName":"yard"', INVALID, 400),
    ("/describeStream", b'{"StreamName":true}', INVALID, 400),
    ("/describeStream", b'{"StreamName":"\xff"}', INVALID, 400),
    ("/describeStream", b'{"a":' * 50_000, INVALID, 400),
    ("/deleteStream", b'{"StreamName":"yard"}', INVALID, 400),
    ("/tagStream", b'{"StreamName":"yard","Tags":[{"Key":"a","Value":"b"}]}', INVALID, 400),
    ("/TagResource", json.dumps({"ResourceARN": arn, "Tags": {"a": "b"}}).encode(), INVALID, 400),
    ("/describeStream", b'{"StreamName":"none"}', MISSING, 404),
]:
    found, headers, members = post(path, body)
    assert found == status and headers["x-amzn-ErrorType"] == name, (path, body[:40], found, headers["x-amzn-ErrorType"])
    assert members["__type"] == name and members["Message"] and UUID.fullmatch(headers["x-amzn-RequestId"]), members
assert post("/describeStream", b"{}", "PUT")[0] == 404
assert post("/listStreams", b"")[0] == 200
found, _, members = post("/describeStream", b'{"StreamName":"yard","StreamARN":null,"Unknown":{"a":[1]}}')
assert found == 200 and members["StreamInfo"]["StreamARN"] == arn, members

# DeleteStream.
refused(INVALID, video.delete_stream)
refused("VersionMismatchException", video.delete_stream, StreamARN=arn, CurrentVersion="other")
assert answer(video.delete_stream, StreamARN=arn, CurrentVersion=version()) == {}
refused(MISSING, video.delete_stream, StreamARN=arn)
again = answer(video.create_stream, StreamName="yard")["StreamARN"]
assert again != arn and answer(video.list_tags_for_stream, StreamName="yard") == {"Tags": {}}
refused(MISSING, video.describe_stream, StreamARN=arn)
refused(MISSING, video.describe_stream, StreamARN=arn, StreamName="yard")
assert answer(video.delete_stream, StreamARN=again) == {}

print("ok")
