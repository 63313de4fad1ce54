using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Model;

public class MeshSettingsTests
{
    private static readonly MeshSettings Given = new() { OutboundTraffic = OutboundTrafficMode.RegistryOnly, MutualTls = new TlsSettings(Only13: true, []) };

    [Fact]
    public void A_MeshConfig_changes_what_it_names_and_nothing_else()
    {
        var settings = Mesh.Of(Given, Config("istio-system/istio", PathNormalization.None)).Settings;

        Assert.Equal(Given with { PathNormalization = PathNormalization.None }, settings);
    }

    [Fact]
    public void It_counts_in_the_root_namespace_alone() => Assert.Equal(Given, Mesh.Of(Given, Config("default/istio", PathNormalization.None)).Settings);

    [Fact]
    public void The_oldest_of_several_wins()
    {
        var settings = Mesh.Of(Config("istio-system/a@2", PathNormalization.None), Config("istio-system/b@1", PathNormalization.MergeSlashes)).Settings;

        Assert.Equal(PathNormalization.MergeSlashes, settings.PathNormalization);
    }

    private static MeshConfig Config(string id, PathNormalization paths) => new(Mesh.Meta("MeshConfig", id), []) { PathNormalization = paths };
}
