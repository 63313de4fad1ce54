using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>headers of a route or a destination.</summary>
internal static class HttpHeadersReader
{
    public static HttpHeaders? Read(YamlObject owner)
    {
        if (owner.Object("headers") is not { } item)
        {
            return null;
        }

        var request = Operations(item.Object("request"), ofRequest: true);
        var response = Operations(item.Object("response"), ofRequest: false);
        item.Close(KnownFields.None);
        return new HttpHeaders(request, response);
    }

    private static HeaderOperations Operations(YamlObject? item, bool ofRequest)
    {
        if (item is null)
        {
            return HeaderOperations.None;
        }

        string? setAuthority = null, addedAuthority = null;
        var set = Values(item, "set", ofRequest, ref setAuthority);
        var add = Values(item, "add", ofRequest, ref addedAuthority);
        var remove = Names(item);
        item.Close(KnownFields.None);
        return new HeaderOperations(set, add, remove, setAuthority ?? addedAuthority);
    }

    private static EquatableMap Values(YamlObject item, string field, bool ofRequest, ref string? authority)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in item.Entries(field))
        {
            var path = $"{item.PathOf(field)}.{Quoted.Escape(entry.Key)}";
            var value = item.Problems.AsString(entry.Value, path);
            var name = entry.Key.ToLowerInvariant();
            if (value is null)
            {
                continue;
            }

            if (ofRequest && name is "host" or ":authority")
            {
                CheckHost(item, value, path, entry.Value.Position);
                authority = value;
            }
            else if (CanChange(item, name, path, entry.KeyPosition) && CheckValue(item, value, path, entry.Value.Position))
            {
                result[name] = value;
            }
        }

        return EquatableMap.From(result);
    }

    private static EquatableArray<string> Names(YamlObject item)
    {
        var result = new List<string>();
        foreach (var (node, path) in item.Items("remove"))
        {
            if (item.Problems.AsString(node, path) is { } name && CanChange(item, name.ToLowerInvariant(), path, node.Position))
            {
                result.Add(name.ToLowerInvariant());
            }
        }

        return result.ToEquatableArray();
    }

    /// <summary>Istio skips pseudo headers and host without a word; here they are a warning.</summary>
    private static bool CanChange(YamlObject item, string name, string path, SourcePosition at)
    {
        if (name.StartsWith(':') || name == "host")
        {
            item.Problems.Warning(at, ProblemCodes.NotAppliedField, $"{path}: {Quoted.Of(name)} cannot be changed here: it has no effect", "to change the Host of requests, set host or :authority");
            return false;
        }

        if (MessageRules.IsChangeableHeader(name))
        {
            return true;
        }

        item.Problems.Error(at, ProblemCodes.InvalidName, $"{path}: {Quoted.Of(name)} is not the name of a header that can be changed");
        return false;
    }

    private static bool CheckValue(YamlObject item, string value, string path, SourcePosition at)
    {
        if (!MessageRules.IsHeaderValue(value))
        {
            item.Problems.Error(at, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(value)} holds a character that a header cannot carry");
            return false;
        }

        if (MessageRules.HasOperator(value))
        {
            item.Problems.Error(at, ProblemCodes.UnsupportedField, $"{path} {Quoted.Of(value)}: operators such as %UPSTREAM_HOST% are not supported yet by this version", "write %% for a percent sign");
            return false;
        }

        return true;
    }

    private static void CheckHost(YamlObject item, string host, string path, SourcePosition at)
    {
        if (!MessageRules.IsHost(host))
        {
            item.Problems.Error(at, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(host)} is not a host");
        }
    }
}
