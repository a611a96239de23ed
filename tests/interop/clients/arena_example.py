"""An arena that collects TikTok videos through the mesh: one call, and after a break it goes on where it was.

Usage: arena_example.py KEY_FILE TERM FROM TO      KEY_FILE is DIR/host.json of `mesh up --data DIR`
"""
import json
import sys
import time

import grpc
from issueobservatory.mesh.v1.clauses_pb2 import DayRange, GapReason
from issueobservatory.mesh.v1.collections_pb2 import CollectionSpec
from issueobservatory.mesh.v1.tiktok_arena_pb2 import CollectRecordsRequest
from issueobservatory.mesh.v1.tiktok_arena_pb2_grpc import TikTokArenaStub

key_file, term, first, last = sys.argv[1:]
spec = CollectionSpec(terms=[term], regions=["DK"], days=DayRange(**{"from": first, "to": last}))
cursor = ""  # keep it with your records, and a restart of yours goes on here too

while True:
    try:
        with open(key_file, encoding="utf-8") as file:
            mesh = json.load(file)  # `mesh up` makes a new key at each start
        target = mesh["address"].removeprefix("http://").rstrip("/")  # also ipv4:HOST:PORT,HOST:PORT for several collectors
        with grpc.insecure_channel(target, options=[("grpc.default_authority", "mesh")]) as channel:
            request = CollectRecordsRequest(spec=spec, cursor=cursor)
            for event in TikTokArenaStub(channel).CollectRecords(request, metadata=[("authorization", f"Bearer {mesh['key']}")]):
                if event.HasField("record"):
                    record = event.record.record
                    print("record", record.platform_id, record.published_at.ToJsonString(), json.dumps(record.text_content), flush=True)
                elif event.HasField("gap"):
                    print("gap", event.gap.days.to, GapReason.Name(event.gap.reason), flush=True)
                cursor = event.cursor or cursor
        break
    except FileNotFoundError:
        pass  # the mesh is not up yet
    except grpc.RpcError as error:
        if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAUTHENTICATED):
            raise
    time.sleep(1)
