using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using ProxylessMesh.Xds.Resources.Matching;
using ProxylessMesh.Xds.Resources.Routes;
using ProxylessMesh.Xds.Resources.Services;
using Service = Envoy.Extensions.Filters.Http.ExtAuthz.V3.ExtAuthz.ServicesOneofCase;

namespace ProxylessMesh.Xds.Resources.ExternalAuthorization;

/// <summary>The ext_authz filter. What it does not know is an error, unknown fields too: a filter that is read in part could let somebody in.</summary>
internal static class ExternalAuthorizationDecoder
{
    /// <summary>Of bodies that are held for the service.</summary>
    private const uint MostBodyBytes = 16 * 1024 * 1024;

    public static ExternalAuthorizationFilterConfig? Decode(HttpFilter filter, DecodeContext context)
    {
        var authz = TypedConfig.Unpack(filter.TypedConfig, TypeNames.ExtAuthz, ExtAuthz.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            return authz is null ? null : new ExternalAuthorizationFilterConfig(filter.Name, filter.Disabled ? null : Decode(authz, context));
        }
    }

    private static ExternalAuthorizationConfig? Decode(ExtAuthz authz, DecodeContext context)
    {
        UnknownFields.Refuse(authz, ExtAuthz.Parser, context);
        context.Refuse(authz.MetadataContextNamespaces.Count > 0, "metadata_context_namespaces");
        context.Refuse(authz.TypedMetadataContextNamespaces.Count > 0, "typed_metadata_context_namespaces");
        context.Refuse(authz.RouteMetadataContextNamespaces.Count > 0, "route_metadata_context_namespaces");
        context.Refuse(authz.RouteTypedMetadataContextNamespaces.Count > 0, "route_typed_metadata_context_namespaces");
        context.Refuse(RuntimeFraction.PerMillion(authz.FilterEnabled, context, "filter_enabled") is < 1_000_000, "filter_enabled");
        context.Refuse(authz.DenyAtDisable is not null, "deny_at_disable");
        context.Refuse(authz.IncludePeerCertificate, "include_peer_certificate");
        context.Refuse(authz.BootstrapMetadataLabelsKey.Length > 0, "bootstrap_metadata_labels_key");
        context.Refuse(authz.EncodeRawHeaders, "encode_raw_headers");
        context.Refuse(authz.ValidateMutations, "validate_mutations");
        context.Refuse(authz.MaxDeniedResponseBodyBytes > 0, "max_denied_response_body_bytes");
        context.Refuse(authz.FilterMetadata is not null, "filter_metadata");
        var config = new ExternalAuthorizationConfig
        {
            When = authz.FilterEnabledMetadata is null ? null : MetadataMatcherDecoder.Decode(authz.FilterEnabledMetadata, "filter_enabled_metadata", context),
            FailsOpen = authz.FailureModeAllow,
            MarksFailOpen = authz.FailureModeAllowHeaderAdd,
            StatusOnError = (int)(authz.StatusOnError?.Code ?? 0) is var status and >= 400 and <= 599 ? status : 403,
            Body = Body(authz.WithRequestBody, context),
            AllowedHeaders = Matchers(authz.AllowedHeaders, "allowed_headers", context),
            DisallowedHeaders = Matchers(authz.DisallowedHeaders, "disallowed_headers", context),
            TellsServerName = authz.IncludeTlsSession,
        };
        switch (authz.ServicesCase)
        {
            case Service.GrpcService:
                var grpc = GrpcServiceDecoder.Decode(authz.GrpcService, "grpc_service", context);
                return grpc is null ? null : config with { Grpc = grpc, Timeout = grpc.Timeout is { } limit && limit > TimeSpan.Zero ? limit : config.Timeout };
            case Service.HttpService:
                using (context.Enter("http_service"))
                {
                    return Http(authz.HttpService, config, context);
                }

            default:
                context.Error("services", "must be grpc_service or http_service");
                return null;
        }
    }

    private static ExternalAuthorizationConfig? Http(HttpService service, ExternalAuthorizationConfig config, DecodeContext context)
    {
        context.Refuse(service.AuthorizationRequest?.AllowedHeaders is not null, "authorization_request.allowed_headers");
        context.Refuse(service.AuthorizationResponse?.DynamicMetadataFromHeaders is not null, "authorization_response.dynamic_metadata_from_headers");
        if (service.PathPrefix.Length > 0 && (service.PathPrefix[0] != '/' || !Routing.MessageRules.IsPath(service.PathPrefix) || service.PathPrefix.Contains('?', StringComparison.Ordinal)))
        {
            context.Error("path_prefix", "is no path");
        }

        if (service.ServerUri is null)
        {
            context.Error("server_uri", "is missing");
            return null;
        }

        var timeout = DurationReader.Positive(service.ServerUri.Timeout, "server_uri.timeout", context) ?? config.Timeout;
        var answer = service.AuthorizationResponse;
        return ServiceCluster.Decode(service.ServerUri.Cluster, "server_uri.cluster", context) is { } at
            ? config with
            {
                Timeout = timeout,
                Http = new HttpAuthorizerConfig(at.Host, at.Port, service.PathPrefix)
                {
                    AddedHeaders = Added(service.AuthorizationRequest, context),
                    ToUpstream = Matchers(answer?.AllowedUpstreamHeaders, "authorization_response.allowed_upstream_headers", context),
                    AppendedToUpstream = Matchers(answer?.AllowedUpstreamHeadersToAppend, "authorization_response.allowed_upstream_headers_to_append", context),
                    ToClientOnDeny = Matchers(answer?.AllowedClientHeaders, "authorization_response.allowed_client_headers", context),
                    ToClientOnAllow = Matchers(answer?.AllowedClientHeadersOnSuccess, "authorization_response.allowed_client_headers_on_success", context),
                },
            }
            : null;
    }

    private static EquatableArray<KeyValuePair<string, string>> Added(AuthorizationRequest? request, DecodeContext context)
    {
        var added = new List<KeyValuePair<string, string>>();
        foreach (var header in request?.HeadersToAdd ?? [])
        {
            if (!Routing.MessageRules.IsChangeableHeader(header.Key.ToLowerInvariant()) || !Routing.MessageRules.IsHeaderValue(header.Value))
            {
                context.Error("authorization_request.headers_to_add", $"{DecodeContext.Quote(header.Key)} is no header that can be added");
                continue;
            }

            added.Add(new(header.Key.ToLowerInvariant(), header.Value));
        }

        return added.ToEquatableArray();
    }

    public static CheckedBodyConfig? Body(BufferSettings? body, DecodeContext context)
    {
        if (body is null)
        {
            return null;
        }

        if (body.MaxRequestBytes is 0 or > MostBodyBytes)
        {
            context.Error("with_request_body.max_request_bytes", $"must be 1 to {MostBodyBytes}");
        }

        return new CheckedBodyConfig((int)Math.Min(body.MaxRequestBytes, MostBodyBytes), body.AllowPartialMessage, body.PackAsBytes);
    }

    private static EquatableArray<StringMatchConfig> Matchers(ListStringMatcher? list, string field, DecodeContext context)
    {
        var matchers = new List<StringMatchConfig>();
        for (var i = 0; i < list?.Patterns.Count; i++)
        {
            using (context.Enter(field, i))
            {
                if (StringMatcherDecoder.Decode(list.Patterns[i], context) is { } matcher)
                {
                    // Names of headers compare without case.
                    matchers.Add(matcher with { IgnoreCase = true });
                }
            }
        }

        return matchers.ToEquatableArray();
    }
}
