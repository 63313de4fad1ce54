"""A gRPC server of C-core. Arguments: name, ADDRESS:PORT, and "xds" to be configured by the control plane.

Methods take and give bytes, so nothing has to be generated. It says "serving" or "not serving" on standard output, and ends
when standard input does, or with SIGTERM.
"""
import json
import signal
import sys
import threading
from concurrent import futures

import grpc

NAME, ADDRESS = sys.argv[1:3]
XDS = "xds" in sys.argv[3:]


def say(**what):
    print(json.dumps(what), flush=True)


class Methods(grpc.GenericRpcHandler):
    def __init__(self):
        self._lock = threading.Lock()
        self._failures = 0

    def service(self, details):
        name = details.method.rsplit("/", 1)[1]
        return grpc.unary_unary_rpc_method_handler({"Fail": self._fail, "Refuse": self._refuse}.get(name, self._answer))

    def _fail(self, request, context):
        """So many calls fail as the message says, and the next is answered."""
        with self._lock:
            self._failures += 1
            if self._failures <= int(request):
                context.abort(grpc.StatusCode.UNAVAILABLE, "as asked")
            calls, self._failures = self._failures, 0
        return self._answer(str(calls).encode(), context)

    def _refuse(self, request, context):
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "as asked")

    def _answer(self, request, context):
        names = context.peer_identities() or ()
        return json.dumps({
            "name": NAME,
            "message": request.decode(),
            "peer": [name.decode() for name in names],
            "metadata": {k: v for k, v in context.invocation_metadata() if isinstance(v, str)},
        }).encode()


options = (("grpc.so_reuseport", 0),)
if XDS:
    server = grpc.server(futures.ThreadPoolExecutor(8), options=options, xds=True)
    credentials = grpc.xds_server_credentials(grpc.insecure_server_credentials())
    port = server.add_secure_port(ADDRESS, credentials)
else:
    server = grpc.server(futures.ThreadPoolExecutor(8), options=options)
    port = server.add_insecure_port(ADDRESS)
server.add_generic_rpc_handlers((Methods(),))
ended = threading.Event()


def terminate(number, frame):
    say(signal=number)
    ended.set()


signal.signal(signal.SIGTERM, terminate)
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
server.start()
say(serving=port)
ended.wait()
server.stop(1).wait()
