#!/usr/bin/env bash
# Minutes of load while certificates of 10 s rotate, the root is replaced and the authority goes away. Fails when one request does.
# Options: --rotations N (30), --rate N (1000), --away SECONDS (300). docs/security/mutual-tls.md explains it.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec dotnet run -c Release --project test/Mesh.Benchmarks -- soak "$@"
