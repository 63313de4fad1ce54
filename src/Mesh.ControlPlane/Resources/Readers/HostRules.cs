using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Fields that hold host names or namespaces. Host names compare without case, so they are kept in lower case.</summary>
internal static class HostRules
{
    public static string? RequiredHost(this YamlObject owner, string name) =>
        owner.RequiredString(name) is { } text ? Check(owner.Problems, text, owner.PathOf(name), owner.PositionOf(name)) : null;

    public static EquatableArray<string> RequiredHosts(this YamlObject owner, string name)
    {
        var hosts = new List<string>();
        var items = owner.Items(name);
        if (items.Count == 0 && owner.Read(name) is null or YamlSequence)
        {
            owner.Problems.Error(owner.PositionOf(name), ProblemCodes.Missing, $"{owner.PathOf(name)} is missing: at least one host");
        }

        foreach (var (node, path) in items)
        {
            if (owner.Problems.AsString(node, path) is not { } text || Check(owner.Problems, text, path, node.Position) is not { } host)
            {
                continue;
            }

            if (hosts.Contains(host))
            {
                owner.Problems.Error(node.Position, ProblemCodes.Conflict, $"{path} {Quoted.Of(host)} stands twice in the list");
                continue;
            }

            hosts.Add(host);
        }

        return hosts.ToEquatableArray();
    }

    /// <summary>Who sees the object; <c>*</c> when not given.</summary>
    public static EquatableArray<string> ExportTo(this YamlObject owner)
    {
        var result = new List<string>();
        foreach (var (node, path) in owner.Items("exportTo"))
        {
            if (owner.Problems.AsString(node, path) is not { } text)
            {
                continue;
            }

            if (text is not ("*" or ".") && !DnsName.IsLabel(text))
            {
                owner.Problems.Error(node.Position, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(text)} is neither \"*\" (everyone), \".\" (this namespace) nor a namespace");
            }

            result.Add(text);
        }

        return result.Count == 0 ? ["*"] : result.ToEquatableArray();
    }

    private static string? Check(ProblemList problems, string text, string path, SourcePosition at)
    {
        var host = text.ToLowerInvariant();
        if (DnsName.IsHost(host))
        {
            return host;
        }

        var hint = text.Contains("://", StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal) ? "write the host alone, without scheme and port" : null;
        problems.Error(at, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(text)} is not a host name", hint);
        return null;
    }
}
