using System.Text.Json;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>
/// metadata: the only filter that leaves any is the JWT filter, with the verified claims under <c>payload</c> (Istio's
/// payload_in_metadata). Another filter's metadata is never there.
/// </summary>
internal sealed class MetadataCondition : Condition
{
    private const string JwtFilter = "envoy.filters.http.jwt_authn";
    private const string Payload = "payload";

    private readonly string[]? _claim;
    private readonly ValueMatch _value;
    private readonly bool _invert;

    public MetadataCondition(RbacMetadataConfig config)
    {
        _claim = config.Filter == JwtFilter && config.Path[0] == Payload ? [.. config.Path.Skip(1)] : null;
        _value = ValueMatch.Compile(config.Value);
        _invert = config.Invert;
    }

    public override bool Matches(InboundRequest request) => _value.Matches(Find(request)) != _invert;

    /// <summary>Undefined when there is none.</summary>
    private JsonElement Find(InboundRequest request)
    {
        if (_claim is null || request.Jwt is not { } token)
        {
            return default;
        }

        var value = token.Payload;
        foreach (var key in _claim)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return default;
            }
        }

        return value;
    }
}
