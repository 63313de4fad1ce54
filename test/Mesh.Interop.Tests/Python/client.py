"""A gRPC client of C-core that does what it reads: a JSON object to a line, and answers each with one.

  {"target": "xds:///reviews:9080", "method": "Unary", "message": "", "metadata": {}, "timeout": 20, "times": 1, "secure": true}

answers with a list of {"name": ..., "peer": ...} as the server gave them, or {"status": ..., "details": ...}.
"""
import json
import sys
import time

import grpc
import grpc.experimental

channels = {}


def channel(target, secure):
    """One for each target: a channel is what holds the subscription."""
    if (target, secure) not in channels:
        credentials = grpc.experimental.insecure_channel_credentials()
        if secure:
            credentials = grpc.xds_channel_credentials(credentials)
        channels[target, secure] = grpc.secure_channel(target, credentials)
    return channels[target, secure]


def call(order):
    method = channel(order["target"], order.get("secure", False)).unary_unary("/test.Greeter/" + order.get("method", "Unary"))
    begun = time.monotonic()
    try:
        reply = method(
            order.get("message", "").encode(),
            timeout=order.get("timeout", 20),
            metadata=tuple(order.get("metadata", {}).items()),
            wait_for_ready=order.get("wait", False))
        answer = json.loads(reply)
    except grpc.RpcError as error:
        answer = {"status": error.code().name, "details": error.details()}
    answer["milliseconds"] = (time.monotonic() - begun) * 1000
    return answer


for line in sys.stdin:
    order = json.loads(line)
    if order.get("close"):
        channels.pop((order["target"], order.get("secure", False))).close()
        print("[]", flush=True)
        continue
    print(json.dumps([call(order) for _ in range(order.get("times", 1))]), flush=True)
