using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Sources.Files.LastGood;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Sources.Files.LastGood;

/// <summary>Each source is one life of a control plane; what is edited in between is edited while it is away.</summary>
public sealed class LastGoodConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _data = new();
    private readonly CollectedLogs _logs = new();

    private string Kept => _data.PathOf("last-good-config.json");

    [Theory]
    [InlineData("apiVersion: [\n")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [ { port: -1 } ] }\n")]
    [InlineData("apiVersion: v1\nkind: Sevice\nmetadata: { name: a }\n")]
    public async Task A_file_that_is_not_valid_at_the_start_has_the_objects_of_before(string broken)
    {
        _folder.Write("a.yaml", Service("a", 81));
        await LiveAsync();
        _folder.Write("a.yaml", broken);

        await using var source = await StartAsync();

        Assert.Equal(["a:81"], Ports(source));
        Assert.Equal("a", Assert.Single(source.Restored).Meta.Id.Name);
        Assert.Contains(source.Current.Problems, p => p.Severity == ProblemSeverity.Error);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 4210 && e.Text.Contains("a.yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_outlives_any_number_of_restarts_and_ends_with_the_mistake()
    {
        _folder.Write("a.yaml", Service("a", 81));
        await LiveAsync();
        _folder.Write("a.yaml", "apiVersion: [\n");
        await LiveAsync();
        await LiveAsync();
        await using (var third = await StartAsync())
        {
            Assert.Equal(["a:81"], Ports(third));
        }

        _folder.Write("a.yaml", Service("a", 82));
        await using var last = await StartAsync();
        Assert.Equal(["a:82"], Ports(last));
        Assert.Empty(last.Restored);
    }

    [Fact]
    public async Task Each_object_has_its_own_last_good_version()
    {
        _folder.Write("a.yaml", Service("a", 81) + "---\n" + Service("b", 81));
        await LiveAsync();
        _folder.Write("a.yaml", Service("a", -1) + "---\n" + Service("b", 82));
        await LiveAsync();
        _folder.Write("a.yaml", "{");

        await using var source = await StartAsync();

        Assert.Equal(["a:81", "b:82"], Ports(source));
    }

    [Fact]
    public async Task What_was_held_back_before_the_restart_stays_held_back()
    {
        _folder.Write("a.yaml", Service("a", 81));
        _folder.Write("routes.yaml", Route("a"));
        await LiveAsync();
        _folder.Write("routes.yaml", Route("nowhere"));
        await LiveAsync();

        await using var source = await StartAsync();

        Assert.Equal("a", Assert.Single(source.Current.Objects.OfType<VirtualService>()).Http[0].Destinations[0].Host);
        Assert.Equal("VirtualService", Assert.Single(source.Restored).Meta.Id.Kind);
    }

    [Fact]
    public async Task What_was_deleted_meanwhile_is_gone()
    {
        _folder.Write("a.yaml", Service("a", 81) + "---\n" + Service("b", 81));
        _folder.Write("c.yaml", Service("c", 81));
        await LiveAsync();
        _folder.Write("a.yaml", Service("b", 81));
        File.Delete(_folder.PathOf("c.yaml"));

        await using var source = await StartAsync();

        Assert.Equal(["b:81"], Ports(source));
        Assert.Empty(source.Restored);
    }

    [Fact]
    public async Task Another_folder_has_nothing_of_it()
    {
        _folder.Write("one/a.yaml", Service("a", 81));
        await LiveAsync("one");
        _folder.Write("two/a.yaml", "{");

        await using var source = await StartAsync("two");

        Assert.Empty(source.Current.Objects);
    }

    [Fact]
    public async Task Only_its_owner_may_read_it()
    {
        _folder.Write("a.yaml", Service("a", 81));
        await LiveAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"Folder\":null,\"Files\":[]}")]
    [InlineData("{\"Folder\":\"FOLDER\",\"Files\":[null]}")]
    [InlineData("{\"Folder\":\"FOLDER\",\"Files\":[{\"Path\":\"a.yaml\",\"Versions\":[null]}]}")]
    [InlineData("{\"Folder\":\"FOLDER\",\"Files\":[{\"Path\":\"a.yaml\",\"Versions\":[{\"Text\":\"{\",\"Objects\":[\"Service/default/a\",\"\"]}]}]}")]
    [InlineData("\0\u0001garbage")]
    public async Task A_damaged_file_is_ignored(string content)
    {
        _folder.Write("a.yaml", Service("a", 81));
        await File.WriteAllTextAsync(Kept, content.Replace("FOLDER", _folder.Path, StringComparison.Ordinal));

        await using var source = await StartAsync();

        Assert.Equal(["a:81"], Ports(source));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_costs_nothing_but_a_warning()
    {
        _folder.Write("a.yaml", Service("a", 81));
        Directory.CreateDirectory(Kept);

        await using var source = await StartAsync();

        Assert.Equal(["a:81"], Ports(source));
        Assert.Contains(_logs.Entries, e => e.Id.Id == 4212);
    }

    [Fact]
    public void What_is_written_follows_each_change_whatever_stays_as_it_was()
    {
        var kept = new LastGoodConfig(_data.Path, _folder.Path, YamlLimits.Default, _logs.CreateLogger<LastGoodConfig>());
        var config = AcceptedConfig.Empty;
        var same = File("a.yaml", Service("a", 1) + "---\n" + Service("c", 1));
        string[] texts = [Service("b", 1), Service("b", 2), "{", Service("b", -1), Service("b", 3) + "---\n" + Service("a", 9), Service("b", 4), "", Service("b", 5)];
        string[] expected = ["a1 c1 b1", "a1 c1 b2", "a1 c1 b2", "a1 c1 b2", "a1 c1 b3", "a1 c1 b4", "a1 c1", "a1 c1 b5"];
        for (var i = 0; i < texts.Length; i++)
        {
            ParsedFile[] files = [same, File("b.yaml", texts[i])];
            config = config.Next([.. files], [], new MeshSettings());

            kept.Save([.. files], config);

            var next = new LastGoodConfig(_data.Path, _folder.Path, YamlLimits.Default, _logs.CreateLogger<LastGoodConfig>());
            Assert.Equal(expected[i], string.Join(" ", next.Load().SelectMany(f => f.Objects).Select(o => (Service)o.Object!).Select(o => $"{o.Meta.Id.Name}{o.Ports[0].Number}")));
        }

        static ParsedFile File(string name, string text) => ConfigFileReader.Parse(name, System.Text.Encoding.UTF8.GetBytes(text), YamlLimits.Default);
    }

    [Fact]
    public void What_is_too_large_is_left_out()
    {
        var kept = new LastGoodConfig(_data.Path, _folder.Path, YamlLimits.Default, _logs.CreateLogger<LastGoodConfig>());
        var comment = "# " + new string('x', 4_000_000) + "\n";
        var files = Enumerable.Range(0, 20).Select(i => ConfigFileReader.Parse($"{i:00}.yaml", System.Text.Encoding.UTF8.GetBytes(Service($"s{i}", 80) + comment), YamlLimits.Default)).ToArray();

        kept.Save([.. files], AcceptedConfig.Empty.Next([.. files], [], new MeshSettings()));

        Assert.InRange(new FileInfo(Kept).Length, 1, LastGoodConfig.MaxBytes * 2L);
        Assert.InRange(kept.Files.Count, 1, 17);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 4213);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _data.Dispose();
    }

    private static string Service(string name, int port) =>
        $"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  ports: [{{port: {port}}}]\n";

    private static string Route(string to) =>
        $"apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: r\nspec:\n  hosts: [a]\n  http: [{{route: [{{destination: {{host: {to}}}}}]}}]\n";

    private static IEnumerable<string> Ports(FileConfigSource source) =>
        source.Current.Objects.OfType<Service>().Select(s => $"{s.Meta.Id.Name}:{s.Ports[0].Number}");

    private async Task LiveAsync(string sub = "")
    {
        await using var source = await StartAsync(sub);
    }

    private async Task<FileConfigSource> StartAsync(string sub = "")
    {
        var root = _folder.PathOf(sub);
        var source = new FileConfigSource(root, new MeshSettings(), TimeProvider.System, _logs.CreateLogger<FileConfigSource>())
        {
            LastGood = new LastGoodConfig(_data.Path, root, YamlLimits.Default, _logs.CreateLogger<LastGoodConfig>()),
        };
        await source.StartAsync(CancellationToken.None);
        return source;
    }
}
