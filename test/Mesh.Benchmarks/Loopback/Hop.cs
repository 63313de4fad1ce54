using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>One proxy between two ports of 127.0.0.1.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="Forward">Where it sends.</param>
/// <param name="Server">Of its listener; null: plaintext.</param>
/// <param name="Client">Towards the other; null: plaintext.</param>
/// <param name="Http2">Between the two hops, where they speak TLS.</param>
internal sealed record Hop(int Listen, int Forward, BenchmarkCertificates? Server, BenchmarkCertificates? Client, bool Http2);
