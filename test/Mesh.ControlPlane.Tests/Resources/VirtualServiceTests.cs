using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class VirtualServiceTests
{
    private const string Full = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews}
        spec:
          hosts: [Reviews, "*.example.com"]
          gateways: [mesh, edge]
          exportTo: [".", prod]
          http:
          - name: canary
            match:
            - name: jason
              uri: {prefix: /a}
              ignoreUriCase: true
              method: {exact: GET}
              scheme: {exact: http}
              authority: {regex: "a.*"}
              headers: {end-user: {exact: jason}, there: {}, also: {regex: "*"}, null-too: null}
              withoutHeaders: {x-bot: {prefix: a}}
              queryParams: {q: {exact: ""}}
              port: 9080
              sourceLabels: {app: productpage}
              sourceNamespace: prod
              gateways: [mesh]
            route:
            - destination: {host: reviews, subset: v2, port: {number: 9080}}
              weight: 90
            - destination: {host: reviews.prod.svc.cluster.local}
              weight: 10
            timeout: 1.5s
            retries: {attempts: 3, perTryTimeout: 250ms, retryOn: "5xx,503 , reset", retryIgnorePreviousHosts: false, backoff: 10ms}
          - route: [{destination: {host: reviews}}]
            timeout: 0s
            retries: {attempts: 0}
        """;

    [Fact]
    public void Reads_every_field_of_the_record()
    {
        var service = Reading.Good<VirtualService>(Full);

        Assert.Equal(["reviews", "*.example.com"], service.Hosts);
        Assert.Equal(["mesh", "edge"], service.Gateways);
        Assert.Equal([".", "prod"], service.ExportTo);
        var route = service.Http[0];
        Assert.Equal("canary", route.Name);
        Assert.Equal(TimeSpan.FromSeconds(1.5), route.Timeout);
        Assert.Equal(3, route.Retries!.Attempts);
        Assert.Equal(TimeSpan.FromMilliseconds(250), route.Retries.PerTryTimeout);
        Assert.Equal(["5xx", "503", "reset"], route.Retries.RetryOn);
        Assert.False(route.Retries.IgnorePreviousHosts);
        Assert.Equal(TimeSpan.FromMilliseconds(10), route.Retries.Backoff);
        Assert.Equal(["reviews/v2/9080/90", "reviews.prod.svc.cluster.local///10"], route.Destinations.Select(d => $"{d.Host}/{d.Subset}/{d.Port}/{d.Weight}"));
        Assert.Equal(new SourcePosition("mesh.yaml", 25, 44), route.Destinations[0].SubsetPosition);
        Assert.Equal(TimeSpan.Zero, service.Http[1].Timeout);
        Assert.Equal(0, service.Http[1].Retries!.Attempts);
    }

    [Fact]
    public void Reads_every_part_of_a_match()
    {
        var match = Assert.Single(Reading.Good<VirtualService>(Full).Http[0].Matches);

        Assert.Equal("jason", match.Name);
        Assert.Equal((StringPredicateKind.Prefix, "/a"), (match.Uri!.Kind, match.Uri.Value));
        Assert.True(match.IgnoreUriCase);
        Assert.Equal((StringPredicateKind.Exact, "GET"), (match.Method!.Kind, match.Method.Value));
        Assert.Equal((StringPredicateKind.Exact, "http"), (match.Scheme!.Kind, match.Scheme.Value));
        Assert.Equal((StringPredicateKind.Regex, "a.*"), (match.Authority!.Kind, match.Authority.Value));
        Assert.Equal(["end-user=jason", "there=", "also=", "null-too="], match.Headers.Select(h => $"{h.Name}={h.Value?.Value}"));
        Assert.Equal(["x-bot=a"], match.WithoutHeaders.Select(h => $"{h.Name}={h.Value?.Value}"));
        Assert.Equal(StringPredicateKind.Exact, Assert.Single(match.QueryParams).Value!.Kind);
        Assert.Equal(9080, match.Port);
        Assert.Equal("productpage", match.SourceLabels.Find("app"));
        Assert.Equal("prod", match.SourceNamespace);
        Assert.Equal(["mesh"], match.Gateways);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    [InlineData("v1alpha3")]
    public void All_versions_are_one_schema_and_one_identity(string version)
    {
        var service = Reading.Good<VirtualService>(Full.Replace("networking.istio.io/v1", $"networking.istio.io/{version}", StringComparison.Ordinal));

        Assert.Equal(Reading.Good<VirtualService>(Full), service);
    }

    [Fact]
    public void Names_of_the_proto_file_are_accepted_too()
    {
        var snake = Full
            .Replace("exportTo", "export_to", StringComparison.Ordinal)
            .Replace("ignoreUriCase", "ignore_uri_case", StringComparison.Ordinal)
            .Replace("perTryTimeout", "per_try_timeout", StringComparison.Ordinal)
            .Replace("sourceLabels", "source_labels", StringComparison.Ordinal);

        Assert.Equal([".", "prod"], Reading.Good<VirtualService>(snake).ExportTo);
        Assert.Equal(TimeSpan.FromMilliseconds(250), Reading.Good<VirtualService>(snake).Http[0].Retries!.PerTryTimeout);
    }

    [Fact]
    public void What_is_not_said_gets_Istios_defaults()
    {
        var service = Reading.Good<VirtualService>("""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]}
            """);

        Assert.Equal("default", service.Meta.Id.Namespace);
        Assert.Equal(["mesh"], service.Gateways);
        Assert.Equal(["*"], service.ExportTo);
        Assert.Null(service.Http[0].Timeout);
        Assert.Null(service.Http[0].Retries);
    }
}
