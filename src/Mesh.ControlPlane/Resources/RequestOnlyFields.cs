namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What of a rule only requests have, and connections of TCP do not (istio.io, "Authorization Policy": HTTP only).</summary>
internal static class RequestOnlyFields
{
    /// <summary>By the names that stand in the YAML, each once.</summary>
    public static IReadOnlyList<string> Of(AuthorizationRule rule)
    {
        var names = new List<string>();
        foreach (var operation in rule.To)
        {
            Add(operation.Methods, "methods", "notMethods");
            Add(operation.Paths, "paths", "notPaths");
            Add(operation.Hosts, "hosts", "notHosts");
        }

        foreach (var source in rule.From)
        {
            Add(source.RequestPrincipals, "requestPrincipals", "notRequestPrincipals");
        }

        names.AddRange(rule.When.Select(c => c.Key).Where(k => k.StartsWith("request.", StringComparison.Ordinal)));
        return [.. names.Distinct(StringComparer.Ordinal)];

        void Add(MatchValues values, string name, string notName)
        {
            if (values.Values.Count > 0)
            {
                names.Add(name);
            }

            if (values.NotValues.Count > 0)
            {
                names.Add(notName);
            }
        }
    }
}
