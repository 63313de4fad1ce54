namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>What a call came to: what the server said, or how it failed.</summary>
/// <param name="Name">Of the server.</param>
/// <param name="Message">As the server got it.</param>
/// <param name="Peer">Names in the certificate that the server saw.</param>
/// <param name="Status">Of a failed call; null = it succeeded.</param>
/// <param name="Details">Text of the status.</param>
internal sealed record PythonAnswer(string? Name, string? Message, string[]? Peer, string? Status, string? Details)
{
    public string Caller => Peer?.Single() ?? "nobody";
}
