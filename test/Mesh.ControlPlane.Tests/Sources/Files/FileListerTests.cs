using ProxylessMesh.ControlPlane.Sources.Files;

namespace ProxylessMesh.ControlPlane.Tests.Sources.Files;

public sealed class FileListerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Finds_configuration_below_a_folder_in_path_order()
    {
        foreach (var name in new[] { "b.yml", "a/z.yaml", "a.json", "a/b/c.yaml", "notes.txt", ".hidden.yaml", ".git/x.yaml", "c.yaml~", ".#d.yaml" })
        {
            _folder.Write(name, "");
        }

        Assert.Equal<IEnumerable<string>>(["a.json", "a/b/c.yaml", "a/z.yaml", "b.yml"], FileLister.List(_folder.Path, 100).Files);
    }

    [Fact]
    public void A_ConfigMap_mount_is_read_through_its_links()
    {
        MountConfigMap("..2030_01_01");

        Assert.Equal<IEnumerable<string>>(["mesh.yaml"], FileLister.List(_folder.Path, 100).Files);
    }

    [Fact]
    public void Links_in_a_circle_come_to_an_end()
    {
        _folder.Write("a.yaml", "");
        Directory.CreateSymbolicLink(_folder.PathOf("again"), _folder.Path);

        Assert.Equal<IEnumerable<string>>(["a.yaml", "again/a.yaml"], FileLister.List(_folder.Path, 100).Files);
    }

    [Fact]
    public void More_files_than_the_limit_are_left_out_with_a_problem()
    {
        for (var i = 0; i < 5; i++)
        {
            _folder.Write($"{i}.yaml", "");
        }

        var listing = FileLister.List(_folder.Path, 3);

        Assert.Equal<IEnumerable<string>>(["0.yaml", "1.yaml", "2.yaml"], listing.Files);
        Assert.Equal(".:1:1 error MESH1021 more than 3 configuration files: the rest is left out", Assert.Single(listing.Problems).ToString());
    }

    [Fact]
    public void A_folder_that_is_gone_says_nothing_about_its_files()
    {
        var listing = FileLister.List(_folder.PathOf("gone"), 100);

        Assert.True(listing.IsUnknown("any.yaml"));
        Assert.Single(listing.Problems);
    }

    public void Dispose() => _folder.Dispose();

    private void MountConfigMap(string version)
    {
        _folder.Write($"{version}/mesh.yaml", "");
        Directory.CreateSymbolicLink(_folder.PathOf("..data"), version);
        File.CreateSymbolicLink(_folder.PathOf("mesh.yaml"), "..data/mesh.yaml");
    }
}
