using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.ExternalAuthorization;
using HttpService = Envoy.Extensions.Filters.Http.ExtAuthz.V3.HttpService;

namespace ProxylessMesh.Xds.Tests.Resources.ExternalAuthorization;

/// <summary>A filter that is read in part could let somebody in.</summary>
public sealed class ExternalAuthorizationDecoderTests
{
    private static readonly Dictionary<string, (ExtAuthz Filter, string Error)> Broken = new()
    {
        ["no service"] = (new ExtAuthz(), "services: must be grpc_service or http_service"),
        ["other service"] = (new ExtAuthz { GrpcService = new GrpcService() }, "grpc_service: needs envoy_grpc"),
        ["cluster"] = (With(a => a.GrpcService.EnvoyGrpc.ClusterName = "authz"), "is not of the form outbound|PORT||HOST"),
        ["subset"] = (With(a => a.GrpcService.EnvoyGrpc.ClusterName = "outbound|1|v1|a.b"), "is not of the form outbound|PORT||HOST"),
        ["host"] = (With(a => a.GrpcService.EnvoyGrpc.ClusterName = "outbound|1||a/b"), "is not of the form outbound|PORT||HOST"),
        ["authority"] = (With(a => a.GrpcService.EnvoyGrpc.Authority = "x"), "envoy_grpc.authority: is not supported"),
        ["metadata"] = (With(a => a.MetadataContextNamespaces.Add("x")), "metadata_context_namespaces: is not supported"),
        ["certificate"] = (With(a => a.IncludePeerCertificate = true), "include_peer_certificate: is not supported"),
        ["share"] = (With(a => a.FilterEnabled = new RuntimeFractionalPercent { DefaultValue = new FractionalPercent { Numerator = 50 } }), "filter_enabled: is not supported"),
        ["body"] = (With(a => a.WithRequestBody = new BufferSettings()), "max_request_bytes: must be 1 to"),
        ["large body"] = (With(a => a.WithRequestBody = new BufferSettings { MaxRequestBytes = uint.MaxValue }), "max_request_bytes: must be 1 to"),
        ["when"] = (With(a => a.FilterEnabledMetadata = new MetadataMatcher()), "filter_enabled_metadata.filter: must not be empty"),
        ["header"] = (With(a => a.AllowedHeaders = new ListStringMatcher { Patterns = { new StringMatcher() } }), "allowed_headers[0]"),
        ["no uri"] = (new ExtAuthz { HttpService = new HttpService() }, "http_service.server_uri: is missing"),
        ["path"] = (Http(h => h.PathPrefix = "check"), "path_prefix: is no path"),
        ["added"] = (Http(h => h.AuthorizationRequest = new AuthorizationRequest { HeadersToAdd = { new HeaderValue { Key = "host", Value = "x" } } }), "is no header that can be added"),
        ["later version"] = (ExtAuthz.Parser.ParseFrom([.. With(_ => { }).ToByteArray(), 0xB8, 0x3E, 0x01]), "fields that this version does not know"),
    };

    public static TheoryData<string> Names => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_understood_is_an_error(string name)
    {
        Decode(Broken[name].Filter, out var errors);

        Assert.Contains(errors, e => e.Contains(Broken[name].Error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_grpc_service_is_read_and_without_more_it_fails_closed()
    {
        var config = Decode(With(a => a.GrpcService.Timeout = new Duration { Seconds = 2 }), out var errors)!;

        Assert.Empty(errors);
        Assert.Equal(("a.b", 9000, TimeSpan.FromSeconds(2)), (config.Grpc!.Host, config.Grpc.Port, config.Timeout));
        Assert.Equal((false, 403, null, null), (config.FailsOpen, config.StatusOnError, config.Body, config.When));
    }

    private static ExternalAuthorizationConfig? Decode(ExtAuthz authz, out IReadOnlyList<string> errors)
    {
        var context = new DecodeContext();
        var decoded = ExternalAuthorizationDecoder.Decode(new HttpFilter { Name = "authz", TypedConfig = Any.Pack(authz) }, context);
        errors = context.Errors;
        return decoded?.Authorizer;
    }

    private static ExtAuthz With(Action<ExtAuthz> change)
    {
        var authz = new ExtAuthz { GrpcService = new GrpcService { EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = "outbound|9000||a.b" } } };
        change(authz);
        return authz;
    }

    private static ExtAuthz Http(Action<HttpService> change)
    {
        var service = new HttpService { ServerUri = new HttpUri { Uri = "http://a.b", Cluster = "outbound|80||a.b" } };
        change(service);
        return new ExtAuthz { HttpService = service };
    }
}
