using System.CommandLine;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.ControlPlane.Tests.Sources.Files;

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
        timeout             1.5 s
        retries             none
        cluster             outbound|9080||reviews.default.svc.cluster.local (90%)
          discovery         Eds
          connectTimeout    10 s
          tls               mutual TLS of the mesh where the endpoint can
          outlierDetection  off
          endpoints         none in the configuration; workloads register with the running control plane
        cluster             outbound|9080||fallback.default.svc.cluster.local (10%)
          discovery         Eds
          connectTimeout    10 s
          tls               mutual TLS of the mesh where the endpoint can
          outlierDetection  off
          endpoints         none in the configuration; workloads register with the running control plane

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
        Assert.Contains("faults              0.1% aborted with HTTP 500", Run("GET", "http://reviews:9080/", "-H", "end-user: jason", "--from", "productpage").Output, StringComparison.Ordinal);

    [Fact]
    public void A_host_outside_shows_its_endpoint_and_TLS()
    {
        var (_, output, _) = Run("GET", "http://api.example.com/", "--from", "productpage");

        Assert.Contains("tls               TLS to api.example.com", output, StringComparison.Ordinal);
        Assert.Contains("endpoint          api.example.com:443 healthy", output, StringComparison.Ordinal);
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

    private (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { ExplainCommand.Create(TimeProvider.System) };
        var exit = root.Parse(["explain", .. args, "--config", _folder.Path]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }
}
