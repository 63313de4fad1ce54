using Envoy.Extensions.TransportSockets.Tls.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Tls;

/// <summary>ServiceEntry.subjectAltNames: which names its servers may have.</summary>
public class SubjectAltNamesTests
{
    private const string Name = "outbound|80||legacy.example.com";

    [Fact]
    public void In_the_mesh_they_come_besides_those_of_the_workloads_accounts()
    {
        var model = Mesh.Of(Entry("location: MESH_INTERNAL, subjectAltNames: [spiffe://cluster.local/ns/old/sa/api, legacy.example.com]", "serviceAccount: legacy"));

        Assert.Equal(
            ["legacy.example.com", "spiffe://cluster.local/ns/default/sa/legacy", "spiffe://cluster.local/ns/old/sa/api"],
            Validation(Translate.Cluster(model, Mesh.Client(), Name)!.TransportSocketMatches[0].TransportSocket).Select(m => m.Exact));
    }

    [Fact]
    public void Without_accounts_they_alone_count()
    {
        var model = Mesh.Of(Entry("location: MESH_INTERNAL, subjectAltNames: [spiffe://cluster.local/ns/old/sa/api]"));

        Assert.Equal(
            ["spiffe://cluster.local/ns/old/sa/api"],
            Validation(Translate.Cluster(model, Mesh.Client(), Name)!.TransportSocketMatches[0].TransportSocket).Select(m => m.Exact));
    }

    [Theory]
    [InlineData("{mode: SIMPLE}", "a.example.com")]
    [InlineData("{mode: SIMPLE, subjectAltNames: [b.example.com]}", "b.example.com")]
    public void For_hosts_outside_they_count_unless_the_DestinationRule_has_its_own(string tls, string expected)
    {
        var model = Mesh.Of(Entry("subjectAltNames: [a.example.com]"), Rule(tls));

        var context = Translate.Cluster(model, Mesh.Client(), Name)!.TransportSocket.TypedConfig.Unpack<UpstreamTlsContext>();

        Assert.Equal([expected], context.CommonTlsContext.ValidationContext.MatchSubjectAltNames.Select(m => m.Exact));
        Assert.Empty(context.CommonTlsContext.ValidationContext.MatchTypedSubjectAltNames);
        Assert.Equal("legacy.example.com", context.Sni);
    }

    [Fact]
    public void Who_verifies_nothing_looks_at_no_names()
    {
        var model = Mesh.Of(Entry("subjectAltNames: [a.example.com]"), Rule("{mode: SIMPLE, insecureSkipVerify: true}"));

        var context = Translate.Cluster(model, Mesh.Client(), Name)!.TransportSocket.TypedConfig.Unpack<UpstreamTlsContext>();

        Assert.Empty(context.CommonTlsContext.ValidationContext.MatchSubjectAltNames);
    }

    private static Google.Protobuf.Collections.RepeatedField<Envoy.Type.Matcher.V3.StringMatcher> Validation(Envoy.Config.Core.V3.TransportSocket socket) =>
        socket.TypedConfig.Unpack<UpstreamTlsContext>().CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames;

    private static ServiceEntry Entry(string more, string endpoint = "labels: {}") => Reading.Good<ServiceEntry>($$"""
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: legacy}
        spec: {hosts: [legacy.example.com], ports: [{number: 80, name: http}], resolution: STATIC, endpoints: [{address: 10.0.0.1, {{endpoint}}}], {{more}}}
        """);

    private static DestinationRule Rule(string tls) => Reading.Good<DestinationRule>($$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: legacy}
        spec: { host: legacy.example.com, trafficPolicy: { tls: {{tls}} } }
        """);
}
