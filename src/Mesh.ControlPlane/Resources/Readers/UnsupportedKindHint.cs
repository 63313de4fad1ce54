using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>What to do with an object of a kind that is refused.</summary>
internal static class UnsupportedKindHint
{
    private const string General = "remove the object, or keep it out of this folder";
    private const string LocalFilter = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
    private const string GlobalFilter = "envoy.extensions.filters.http.ratelimit.v3.RateLimit";

    public static string For(string kind, YamlMapping document) => kind == "EnvoyFilter" ? ForEnvoyFilter(document) : General;

    // The two shapes of Istio's task "Enabling Rate Limits using Envoy".
    private static string ForEnvoyFilter(YamlMapping document)
    {
        var filters = new Filters();
        Search(document, ref filters);
        return filters.Bucket is { } bucket && Text(bucket, "max_tokens") is { } max && Text(bucket, "fill_interval") is { } interval
                ? $"a RateLimitPolicy does it: local: [ {{ tokens: {Text(bucket, "tokens_per_fill") ?? "1"}, per: {interval}, burst: {max} }} ] (docs/security/rate-limits.md)"
            : filters.IsLocal ? "a RateLimitPolicy with local does it (docs/security/rate-limits.md)"
            : filters.IsGlobal ? "a RateLimitPolicy with global does it (docs/security/rate-limits.md)"
            : "there is no Envoy to patch: remove the object, or keep it out of this folder";
    }

    // Files are bounded in size and depth when they are read.
    private static void Search(YamlNode node, ref Filters filters)
    {
        switch (node)
        {
            case YamlScalar { Text: var text }:
                filters.IsLocal |= text.EndsWith(LocalFilter, StringComparison.Ordinal);
                filters.IsGlobal |= text.EndsWith(GlobalFilter, StringComparison.Ordinal);
                break;
            case YamlSequence list:
                foreach (var item in list.Items)
                {
                    Search(item, ref filters);
                }

                break;
            case YamlMapping map:
                filters.Bucket ??= map.Find("token_bucket") as YamlMapping;
                foreach (var entry in map.Entries)
                {
                    Search(entry.Value, ref filters);
                }

                break;
        }
    }

    private static string? Text(YamlMapping map, string key) => map.Find(key) is YamlScalar { Text: { Length: > 0 and < 20 } text } ? Quoted.Escape(text) : null;

    private struct Filters
    {
        public bool IsLocal;

        public bool IsGlobal;

        public YamlMapping? Bucket;
    }
}
