using System.Text.Json;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>
/// metadata: what earlier filters leave. The JWT filter leaves the verified claims under <c>payload</c> (Istio's
/// payload_in_metadata) and, for Istio's own filter, the request principal; RBAC filters the results of their shadow rules.
/// Nobody else leaves anything.
/// </summary>
internal sealed class MetadataCondition : Condition
{
    private const string JwtFilter = "envoy.filters.http.jwt_authn";
    private const string Payload = "payload";
    private const string IstioFilter = "istio_authn";
    private const string RequestPrincipal = "request.auth.principal";
    private const string RbacFilter = "envoy.filters.http.rbac";

    private readonly string[]? _claim;
    private readonly bool _isPrincipal;
    private readonly string? _key;
    private readonly ValueMatch _value;
    private readonly bool _invert;

    public MetadataCondition(RbacMetadataConfig config)
    {
        _claim = config.Filter == JwtFilter && config.Path[0] == Payload ? [.. config.Path.Skip(1)] : null;
        _isPrincipal = config.Filter == IstioFilter && config.Path.Count == 1 && config.Path[0] == RequestPrincipal;
        _key = config.Filter == RbacFilter && config.Path.Count == 1 ? config.Path[0] : null;
        _value = ValueMatch.Compile(config.Value);
        _invert = config.Invert;
    }

    public override bool Matches(InboundSubject subject) => subject is InboundRequest request
        && (_claim is not null ? _value.Matches(Claim(request, _claim)) : _value.Matches(Text(request))) != _invert;

    private string? Text(InboundRequest request) =>
        _isPrincipal ? request.Jwt is { Principal.Length: > 0 } token ? token.Principal : null
        : _key is not null ? request.FindMetadata(_key)
        : null;

    /// <summary>Undefined when there is none.</summary>
    private static JsonElement Claim(InboundRequest request, string[] path)
    {
        if (request.Jwt is not { } token)
        {
            return default;
        }

        var value = token.Payload;
        foreach (var key in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return default;
            }
        }

        return value;
    }
}
