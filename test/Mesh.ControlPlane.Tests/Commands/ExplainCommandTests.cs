using System.CommandLine;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.ControlPlane.Tests.Sources.Files;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private const string Config = """
        {apiVersion: v1, kind: Service, metadata: {name: productpage}, spec: {selector: {app: productpage}, ports: [{port: 9080, name: http}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: reviews}, spec: {selector: {app: reviews}, ports: [{port: 9080, name: http}]}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: fallback}, spec: {selector: {app: fallback}, ports: [{port: 9080, name: http}]}}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews}
        spec:
          hosts: [reviews]
          http:
          - name: jason
            match: [{headers: {end-user: {exact: jason}}}]
            fault: {abort: {httpStatus: 500, percentage: {value: 0.1}}}
            route: [{destination: {host: reviews}}]
          - name: api
            match: [{uri: {prefix: /api}, sourceLabels: {app: productpage}}, {queryParams: {debug: {exact: "1"}}}]
            timeout: 1.5s
            retries: {attempts: 0}
            route: [{destination: {host: reviews}, weight: 90}, {destination: {host: fallback}, weight: 10}]
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: partner}
        spec: {hosts: [api.example.com], ports: [{number: 80, name: http, targetPort: 443}], resolution: DNS}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: partner}
        spec: {host: api.example.com, trafficPolicy: {tls: {mode: SIMPLE}}}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();

    public ExplainCommandTests() => _folder.Write("mesh.yaml", Config);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Says_which_route_and_why_not_an_earlier_one() => Assert.Equal(
        (0, """
        request             GET http://reviews:9080/x?debug=1
        from                productpage.default
        listener            reviews:9080
        routes              outbound|9080||reviews.default.svc.cluster.local
        virtualHost         reviews.default.svc.cluster.local:9080
        passedOver          jason: header end-user is "eve", not "jason"
        passedOver          api: the path is not below /api
        route               api
        source              VirtualService default/reviews
        timeout             1.5 s
        retries             none
        cluster             outbound|9080||reviews.default.svc.cluster.local (90%)
          discovery         Eds
          loadBalancing     LeastRequest
          connectTimeout    10 s
          limits            connections unlimited, pending unlimited, requests unlimited, retries unlimited
          outlierDetection  off
          endpoints         none known: 503 (UH)
        cluster             outbound|9080||fallback.default.svc.cluster.local (10%)
          discovery         Eds
          loadBalancing     LeastRequest
          connectTimeout    10 s
          limits            connections unlimited, pending unlimited, requests unlimited, retries unlimited
          outlierDetection  off
          endpoints         none known: 503 (UH)

        """, ""),
        Run("GET", "http://reviews:9080/x?debug=1", "-H", "End-User: eve", "--from", "productpage"));

    [Fact]
    public void What_depends_on_the_caller_is_decided_for_it()
    {
        var (_, output, _) = Run("GET", "http://reviews:9080/api", "--from", "other");

        Assert.DoesNotContain("below /api", output, StringComparison.Ordinal);
        Assert.Contains("no route matches: 404 (NR)", output, StringComparison.Ordinal);
        Assert.Contains("route               api", Run("GET", "http://reviews:9080/api", "--from", "other", "-l", "app=productpage").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_told() =>
        Assert.Contains("fault               0.1% aborted with HTTP 500", Run("GET", "http://reviews:9080/", "-H", "end-user: jason", "--from", "productpage").Output, StringComparison.Ordinal);

    [Fact]
    public void A_host_outside_shows_its_endpoint_and_TLS()
    {
        var (_, output, _) = Run("GET", "http://api.example.com/", "--from", "productpage");

        Assert.Contains("endpoint          api.example.com:443  healthy  priority 0  no locality  weight 1  TLS to api.example.com", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_a_route_does_is_told()
    {
        _folder.Write("edits.yaml", """
            {apiVersion: v1, kind: Service, metadata: {name: edits}, spec: {selector: {app: edits}, ports: [{port: 9080, name: http}]}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: edits}
            spec:
              host: edits
              trafficPolicy:
                loadBalancer: {consistentHash: {httpHeaderName: user}}
                connectionPool: {http: {http1MaxPendingRequests: 7, http2MaxRequests: 20, maxRetries: 3}, tcp: {maxConnections: 5}}
                outlierDetection: {consecutive5xxErrors: 2, baseEjectionTime: 30s, maxEjectionPercent: 50}
            ---
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {name: edits}
            spec: {address: 10.0.0.1, labels: {app: edits}, locality: eu/eu-1/a, weight: 3}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: edits}
            spec:
              hosts: [edits]
              http:
              - match: [{uri: {prefix: /old/}}]
                redirect: {uri: /gone, authority: elsewhere.example.com}
              - name: all
                rewrite: {uri: /v2/, authority: other.example.com}
                headers: {request: {set: {x-a: "1"}, remove: [x-b]}, response: {add: {x-c: "2"}}}
                mirror: {host: reviews}
                corsPolicy: {allowOrigins: [{exact: https://shop.example.com}]}
                mirrorPercentage: {value: 12.5}
                fault: {delay: {fixedDelay: 2s, percentage: {value: 50}}}
                retries: {attempts: 2, perTryTimeout: 500ms, retryOn: "503,reset", backoff: 10ms}
                route: [{destination: {host: edits}}]
            """);

        Assert.Equal(
            """
            request             GET http://edits:9080/a?b=c
            from                productpage.default
            listener            edits:9080
            routes              outbound|9080||edits.default.svc.cluster.local
            virtualHost         edits.default.svc.cluster.local:9080
            passedOver          (no name): the path is not below /old/
            route               all
            source              VirtualService default/edits
            corsOrigin          exact https://shop.example.com
            fault               50% delayed by 2 s
            timeout             none
            retries             2 on Reset, RetriableStatusCodes (503), each within 0.5 s, first after 0.01 s
            path                /v2/a?b=c
            host                other.example.com
            requestHeader       remove x-b
            requestHeader       set x-a: 1
            responseHeader      add x-c: 2
            hashBy              header user
            mirror              outbound|9080||reviews.default.svc.cluster.local (12.5%)
            cluster             outbound|9080||edits.default.svc.cluster.local (100%)
              discovery         Eds
              loadBalancing     RingHash
              connectTimeout    10 s
              limits            connections 5, pending 7, requests 20, retries 3
              outlierDetection  2 server errors in a row: out for 30 s, at most 50 % of endpoints
              endpoint          10.0.0.1:9080  healthy  priority 0  eu/eu-1/a  weight 3  plaintext

            """,
            Run("GET", "http://edits:9080/a?b=c", "--from", "productpage").Output);
        Assert.Contains(
            "redirected with 301 to http://elsewhere.example.com/gone", Run("GET", "http://edits:9080/old/x", "--from", "productpage").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chaos_experiment_is_told_while_it_lasts()
    {
        _folder.Write("chaos.yaml", """
            apiVersion: proxylessmesh.io/v1alpha1
            kind: ChaosExperiment
            metadata: {name: a}
            spec: {hosts: [fallback], fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 5}}}, starts: "2030-01-01T00:00:00Z", expires: "2030-01-01T00:10:00Z"}
            """);

        Assert.Contains("fault               5% aborted with gRPC status 14", Run("GET", "http://fallback:9080/", "--from", "productpage").Output, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain("fault   ", Run("GET", "http://fallback:9080/", "--from", "productpage").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--config reads a folder, and asks no control plane", "--xds-address", "127.0.0.1:15010", "--config", "x")]
    [InlineData("is no address", "--xds-address", "http://")]
    [InlineData("is no address", "--xds-address", "ftp://a")]
    [InlineData("is not TLS", "--xds-address", "http://127.0.0.1:1", "--root-cert", "x")]
    [InlineData("--cert and --key go together", "--cert", "x")]
    [InlineData("the file nowhere.pem does not exist", "--root-cert", "nowhere.pem")]
    public void What_cannot_be_meant_of_a_control_plane_exits_with_64(string expected, params string[] args)
    {
        var (exit, output, error) = RunAlone(["GET", "http://a", "--from", "a", .. args]);

        Assert.Equal((64, ""), (exit, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://unknown/", "unknown:80 is not known to the mesh")]
    [InlineData("https://reviews:9080/", "the application's own TLS passes by the mesh")]
    public void What_passes_by_the_mesh_is_told(string url, string expected) =>
        Assert.Contains(expected, Run("GET", url, "--from", "productpage").Output, StringComparison.Ordinal);

    [Fact]
    public void Prints_json() => Assert.Equal(
        """
        {
          "request": "GET http://unknown/",
          "from": "a.prod",
          "result": "unknown:80 is not known to the mesh: the call is HttpClient's own"
        }

        """,
        Run("GET", "http://unknown", "--from", "a.prod", "-o", "json").Output);

    [Theory]
    [InlineData("no url", "-H", "a: b", "no url is no http or https URL")]
    [InlineData("http://a", "-H", "ab", "ab is not of the form name:value")]
    [InlineData("http://a", "-l", "ab", "ab is not of the form name=value")]
    public void Wrong_use_exits_with_64(string url, string option, string value, string expected)
    {
        var (exit, output, error) = Run("GET", url, option, value, "--from", "a");

        Assert.Equal((64, ""), (exit, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private (int Exit, string Output, string Error) Run(params string[] args) => RunAlone([.. args, "--config", _folder.Path]);

    private (int Exit, string Output, string Error) RunAlone(string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { ExplainCommand.Create(_time) };
        var exit = root.Parse(["explain", .. args]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }
}
