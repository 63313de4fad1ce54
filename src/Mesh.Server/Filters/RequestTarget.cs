namespace ProxylessMesh.Server.Filters;

/// <summary>Path and query string of a request, as they travel.</summary>
internal readonly struct RequestTarget(string target)
{
    private readonly int _question = target.IndexOf('?', StringComparison.Ordinal);

    public ReadOnlySpan<char> Path => _question < 0 ? target : target.AsSpan(0, _question);

    public ReadOnlySpan<char> Query => _question < 0 ? [] : target.AsSpan(_question + 1);
}
