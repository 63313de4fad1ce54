namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>What to do about a host that nothing defines.</summary>
internal static class HostHints
{
    /// <summary>Names such as <c>reviews.prod</c> mean the Service to a caller, but not in Istio's objects.</summary>
    public static string ForUnknown(string host, HostIndex hosts)
    {
        var full = hosts.Hosts.Where(h => hosts.IsClusterLocal(h) && h.StartsWith(host + ".", StringComparison.Ordinal)).Min(StringComparer.Ordinal);
        return full is null ? "add a Service or a ServiceEntry for the host, or correct the name" : $"write {full}: names with a dot are taken as they are";
    }
}
