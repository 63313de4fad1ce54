namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Hosts, some of them by wildcard.</summary>
internal sealed class HostSet
{
    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suffixes = new(StringComparer.Ordinal);

    /// <param name="pattern">In normal form: <c>a.example.com</c>, <c>*.example.com</c> or <c>*</c>.</param>
    public void Add(string pattern)
    {
        _exact.Add(pattern);
        if (HostName.IsWildcard(pattern))
        {
            _suffixes.Add(pattern[1..]);
        }
    }

    public bool Covers(string host)
    {
        if (_exact.Contains(host))
        {
            return true;
        }

        foreach (var suffix in _suffixes)
        {
            if (host.EndsWith(suffix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
