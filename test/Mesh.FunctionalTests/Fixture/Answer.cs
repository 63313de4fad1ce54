namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>What a workload saw of a request.</summary>
/// <param name="Workload">Who answers, as in <c>reviews-v1</c>.</param>
/// <param name="Peer">SPIFFE id of the caller, or null.</param>
/// <param name="Scheme">Of the request.</param>
/// <param name="Host">Of the request.</param>
/// <param name="Protocol"><c>HTTP/1.1</c> or <c>HTTP/2</c>.</param>
/// <param name="Path">Of the request.</param>
/// <param name="Headers">Of the request, names in lower case.</param>
internal sealed record Answer(
    string Workload, string? Peer, string Scheme, string Host, string Protocol, string Path, Dictionary<string, string> Headers);
