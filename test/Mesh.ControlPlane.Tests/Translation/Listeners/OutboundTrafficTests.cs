using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Listeners;

public class OutboundTrafficTests
{
    [Fact]
    public void UnknownHostsPassUnlessToldOtherwise() =>
        Assert.Null(Translate.Listener(Mesh.Of(Mesh.Service("reviews")), Mesh.Client(), "example.org:80"));

    [Theory]
    [InlineData("example.org:80")]
    [InlineData("reviews:81")]
    [InlineData("not a name")]
    public void UnknownHostsAreBlockedWithAReason(string name)
    {
        var listener = Translate.Listener(Mesh.Of(Mesh.Service("reviews"), Sidecar("s", "outboundTrafficPolicy: {mode: REGISTRY_ONLY}")), Mesh.Client(), name)!;

        Assert.Empty(ResourceKinds.Listener.Decode(listener.ToByteString()).Errors);
        var reply = Manager(listener).RouteConfig.VirtualHosts[0].Routes[0].DirectResponse;
        Assert.Equal(502u, reply.Status);
        Assert.Equal(
            $"{name} is blocked: namespace default does not know it, and outboundTrafficPolicy is REGISTRY_ONLY (Sidecar default/s); a ServiceEntry would make it known",
            reply.Body.InlineString);
    }

    [Theory]
    [InlineData("localhost:80")]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]:80")]
    public void ThisMachineIsNeverBlocked(string name) => Assert.Null(Translate.Listener(RegistryOnly(), Mesh.Client(), name));

    [Fact]
    public void KnownHostsAreNotBlocked() =>
        Assert.Equal("outbound|9080||reviews.default.svc.cluster.local", Manager(Translate.Listener(RegistryOnly(Mesh.Service("reviews")), Mesh.Client(), "reviews:9080")!).Rds.RouteConfigName);

    [Fact]
    public void GrpcClientsGetNoListenerEither() =>
        Assert.Null(Translate.Listener(RegistryOnly(), Mesh.Client(profile: ProxyProfile.Grpc), "example.org:80"));

    [Fact]
    public void TheMeshsSettingHoldsUntilASidecarSaysOtherwise()
    {
        var settings = new MeshSettings { OutboundTraffic = OutboundTrafficMode.RegistryOnly };
        var strict = new MeshModel(settings, [], []);
        var open = new MeshModel(settings, [Sidecar("s", "outboundTrafficPolicy: {mode: ALLOW_ANY}")], []);

        Assert.Contains("(the mesh's setting)", Manager(Translate.Listener(strict, Mesh.Client(), "a.org:80")!).ToString(), StringComparison.Ordinal);
        Assert.Null(Translate.Listener(open, Mesh.Client(), "a.org:80"));
    }

    [Theory]
    [InlineData("egress: [{hosts: ['./*']}]", "reviews:9080 ratings.default:9080")]
    [InlineData("egress: [{hosts: ['*/*']}]", "reviews:9080 ratings.default:9080 reviews.prod:9080")]
    [InlineData("egress: [{hosts: ['prod/*']}]", "reviews.prod:9080")]
    [InlineData("egress: [{hosts: ['*/reviews.default.svc.cluster.local']}]", "reviews:9080")]
    [InlineData("egress: [{hosts: ['*/*.default.svc.cluster.local']}]", "reviews:9080 ratings.default:9080")]
    [InlineData("egress: [{hosts: ['./*']}, {hosts: ['~default/ratings.default.svc.cluster.local']}]", "reviews:9080")]
    [InlineData("egress: [{hosts: ['*/*', '~/reviews.prod.svc.cluster.local']}]", "reviews:9080 ratings.default:9080")]
    [InlineData("egress: [{hosts: ['~/*']}]", "")]
    [InlineData("outboundTrafficPolicy: {mode: ALLOW_ANY}", "reviews:9080 ratings.default:9080 reviews.prod:9080")]
    public void EgressSaysWhatAClientSees(string spec, string seen)
    {
        var model = Mesh.Of(Mesh.Service("reviews"), Mesh.Service("ratings"), Mesh.Service("prod/reviews"), Sidecar("s", spec));
        string[] all = ["reviews:9080", "ratings.default:9080", "reviews.prod:9080"];

        Assert.Equal(seen, string.Join(' ', all.Where(name => Translate.Listener(model, Mesh.Client(), name) is not null)));
    }

    [Fact]
    public void TheMostSpecificSidecarSpeaksForAClient()
    {
        var model = Mesh.Of(
            Mesh.Service("reviews"),
            Sidecar("everyone", "egress: [{hosts: ['~/*']}]", "istio-system"),
            Sidecar("here", "egress: [{hosts: ['./*']}]"),
            Sidecar("batch", "workloadSelector: {labels: {app: batch}}\n  egress: [{hosts: ['~/*']}]"));

        Assert.NotNull(Translate.Listener(model, Mesh.Client(labels: "app=web"), "reviews:9080"));
        Assert.Null(Translate.Listener(model, Mesh.Client(labels: "app=batch"), "reviews:9080"));
        Assert.Null(Translate.Listener(model, Mesh.Client("other"), "reviews.default:9080"));
    }

    [Theory]
    [InlineData("{}", "spec says nothing")]
    [InlineData("egress: [{hosts: []}]", "spec.egress[0].hosts is missing")]
    [InlineData("egress: [{hosts: [reviews]}]", "\"reviews\" is not of the form namespace/host")]
    [InlineData("egress: [{hosts: ['a/b/c']}]", "is not of the form namespace/host")]
    [InlineData("egress: [{hosts: ['a/b.*']}]", "is not of the form namespace/host")]
    [InlineData("egress: [{hosts: ['*/*'], port: {number: 1}}]", "spec.egress[0].port is not supported yet")]
    [InlineData("egress: [{hosts: ['*/*']}]\n  ingress: [{tls: {}}]", "spec.ingress[0].tls is not supported yet")]
    [InlineData("outboundTrafficPolicy: {mode: SOME}", "\"SOME\" is not one of REGISTRY_ONLY, ALLOW_ANY")]
    public void WhatCannotBeMeantIsTold(string spec, string expected) =>
        Assert.Contains(Reading.Problems(Yaml("s", spec, "default")), p => p.Contains(expected, StringComparison.Ordinal));

    private static MeshModel RegistryOnly(params MeshObject[] objects) => Mesh.Of([.. objects, Sidecar("s", "outboundTrafficPolicy: {mode: REGISTRY_ONLY}")]);

    private static Sidecar Sidecar(string name, string spec, string @namespace = "default") => Reading.Good<Sidecar>(Yaml(name, spec, @namespace));

    private static string Yaml(string name, string spec, string @namespace) =>
        $"apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {{name: {name}, namespace: {@namespace}}}\nspec:\n  {spec}\n";

    private static HttpConnectionManager Manager(Listener listener) => listener.ApiListener.ApiListener_.Unpack<HttpConnectionManager>();
}
