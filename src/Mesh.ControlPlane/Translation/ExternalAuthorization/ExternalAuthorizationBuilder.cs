using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;
using HttpService = Envoy.Extensions.Filters.Http.ExtAuthz.V3.HttpService;

namespace ProxylessMesh.ControlPlane.Translation.ExternalAuthorization;

/// <summary>A provider as Envoy's ext_authz.</summary>
internal static class ExternalAuthorizationBuilder
{
    /// <param name="provider">Who is asked.</param>
    /// <param name="key">Under which the RBAC filter leaves the policy that matches.</param>
    /// <param name="prefix">Of that policy's name.</param>
    public static ExtAuthz Build(AuthorizationProvider provider, string key, string prefix)
    {
        var cluster = new ClusterName(provider.Port, "", provider.Host).ToString();
        var timeout = Duration.FromTimeSpan(provider.Timeout);
        var filter = new ExtAuthz
        {
            TransportApiVersion = ApiVersion.V3,
            FailureModeAllow = provider.FailsOpen,
            ClearRouteCache = provider.ClearsRouteCache,
            StatusOnError = new HttpStatus { Code = (StatusCode)provider.StatusOnError },
            FilterEnabledMetadata = new MetadataMatcher
            {
                Filter = Authorization.AuthorizationFilters.Allow,
                Path = { new MetadataMatcher.Types.PathSegment { Key = key } },
                Value = new ValueMatcher { StringMatch = new StringMatcher { Prefix = prefix } },
            },
            WithRequestBody = provider.Body is not { } body ? null : new BufferSettings
            {
                MaxRequestBytes = (uint)body.MaxBytes,
                AllowPartialMessage = body.AllowPartial,
                PackAsBytes = body.AsBytes,
            },
        };
        if (provider.Http is not { } http)
        {
            filter.GrpcService = new GrpcService { EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = cluster }, Timeout = timeout };
            return filter;
        }

        filter.AllowedHeaders = Matchers(http.IncludedHeaders);
        filter.HttpService = new HttpService
        {
            ServerUri = new HttpUri { Uri = string.Create(CultureInfo.InvariantCulture, $"http://{provider.Host}:{provider.Port}"), Cluster = cluster, Timeout = timeout },
            PathPrefix = http.PathPrefix,
            AuthorizationRequest = http.AddedHeaders.Count == 0 ? null : new AuthorizationRequest
            {
                HeadersToAdd = { http.AddedHeaders.Entries.Select(h => new HeaderValue { Key = h.Key, Value = h.Value }) },
            },
            AuthorizationResponse = new AuthorizationResponse
            {
                AllowedUpstreamHeaders = Matchers(http.ToUpstreamOnAllow),
                AllowedClientHeaders = Matchers(http.ToDownstreamOnDeny),
                AllowedClientHeadersOnSuccess = Matchers(http.ToDownstreamOnAllow),
            },
        };
        return filter;
    }

    private static ListStringMatcher? Matchers(EquatableArray<string> names) =>
        names.Count == 0 ? null : new ListStringMatcher { Patterns = { names.Select(Matcher) } };

    private static StringMatcher Matcher(string name) => name switch
    {
        ['*', .. var end] => new StringMatcher { Suffix = end, IgnoreCase = true },
        [.. var start, '*'] => new StringMatcher { Prefix = start, IgnoreCase = true },
        _ => new StringMatcher { Exact = name, IgnoreCase = true },
    };
}
