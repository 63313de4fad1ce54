using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Policy;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Policy;

public sealed class InboundPolicyTests
{
    private const string Name = "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080";

    [Fact]
    public void The_modes_of_the_mesh_profile()
    {
        Assert.Equal("STRICT", Compile(Listeners.Strict(Name)).Mode);
        Assert.Equal("PERMISSIVE", Compile(Listeners.Permissive(Name)).Mode);
        Assert.Equal("DISABLE", Compile(Listeners.Disable(Name)).Mode);
    }

    [Fact]
    public void Istios_chains_for_proxyless_grpc_match_anything()
    {
        Assert.Equal("STRICT", Compile(Listeners.Of(Name, [Listeners.AnyMtls])).Mode);
        Assert.Equal("DISABLE", Compile(Listeners.Of(Name, [Listeners.AnyPlaintext])).Mode);
    }

    [Fact]
    public void An_exact_chain_goes_before_any_and_any_before_the_default()
    {
        Assert.Equal("PERMISSIVE", Compile(Listeners.Of(Name, [Listeners.AnyPlaintext, Listeners.Mtls])).Mode);
        Assert.Equal("PERMISSIVE", Compile(Listeners.Of(Name, [Listeners.Mtls], Listeners.AnyPlaintext)).Mode);
        Assert.Equal("STRICT", Compile(Listeners.Of(Name, [Listeners.AnyMtls], Listeners.AnyPlaintext)).Mode);
    }

    [Fact]
    public void No_chain_accepts_nothing() => Assert.Equal("DENY", Compile(Listeners.Of(Name, [])).Mode);

    private static InboundPolicy Compile(InboundListenerConfig listener) => InboundPolicy.Compile(listener, new InboundFilterCompiler([]));
}
