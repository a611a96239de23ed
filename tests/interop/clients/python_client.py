"""Debian's python3-grpcio as a client: reads one call a line as JSON, makes it, answers one line of JSON.

Usage: python_client.py ADDRESS      with the stubs that protoc made in PYTHONPATH
"""
import json
import sys

import errors_pb2 as errors
import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from health.v1 import health_pb2, health_pb2_grpc
from issueobservatory.mesh.v1 import (
    normalizer_pb2, normalizer_pb2_grpc, tiktok_arena_pb2, tiktok_arena_pb2_grpc, token_broker_pb2, token_broker_pb2_grpc)

STUBS = {
    "grpc.health.v1.Health": (health_pb2, health_pb2_grpc.HealthStub),
    "issueobservatory.mesh.v1.Normalizer": (normalizer_pb2, normalizer_pb2_grpc.NormalizerStub),
    "issueobservatory.mesh.v1.TikTokArena": (tiktok_arena_pb2, tiktok_arena_pb2_grpc.TikTokArenaStub),
    "issueobservatory.mesh.v1.TokenBroker": (token_broker_pb2, token_broker_pb2_grpc.TokenBrokerStub),
}


def details(error):
    """The rich details of an error, each as its type and fields."""
    found = []
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for packed in errors.Status.FromString(value).details:
                kind = packed.type_url.rpartition(".")[2]
                detail = getattr(errors, kind)()
                packed.Unpack(detail)
                found.append({"type": kind, **as_json(detail)})
    return found


def as_json(message):
    return MessageToDict(message, preserving_proto_field_name=True)


def run(channel, call):
    service, _, name = call["method"].partition("/")
    module, stub = STUBS[service]
    method = getattr(stub(channel), name)
    asked = module.DESCRIPTOR.services_by_name[service.rpartition(".")[2]].methods_by_name[name].input_type
    request = ParseDict(call["request"], getattr(module, asked.name)())
    options = {
        "metadata": [("authorization", "Bearer " + call["key"])] if call.get("key") else [],
        "timeout": call.get("deadline"),
        "compression": grpc.Compression.Gzip if call.get("gzip") else None,
    }
    messages = []
    try:
        if isinstance(method, grpc.UnaryUnaryMultiCallable):
            messages.append(as_json(method(request, **options)))
        else:
            stream = method(request, **options)
            for message in stream:
                messages.append(as_json(message))
                if sum("record" in sent for sent in messages) == call.get("stop_after"):
                    stream.cancel()
                    break
        return {"code": "OK", "messages": messages, "details": []}
    except grpc.RpcError as error:
        return {"code": error.code().name, "message": error.details(), "messages": messages, "details": details(error)}


with grpc.insecure_channel(sys.argv[1]) as connection:
    for line in sys.stdin:
        print(json.dumps(run(connection, json.loads(line))), flush=True)
