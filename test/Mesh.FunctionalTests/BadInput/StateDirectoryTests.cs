using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.BadInput;

/// <summary>What a disk did to the files of a state directory costs a warning, not the app.</summary>
public sealed class StateDirectoryTests
{
    private const string Url = "http://reviews:9080/";
    private const int IgnoredResource = 1301;
    private const int UnusableCache = 1300;
    private const int IgnoredIdentity = 1410;

    [Theory]
    [InlineData("empty")]
    [InlineData("garbage")]
    [InlineData("half")]
    [InlineData("another's")]
    public async Task Damaged_files_are_ignored_with_a_warning_and_made_anew(string damage)
    {
        await using var mesh = await StartAsync();
        var state = await SaveAsync(mesh);
        foreach (var file in Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories))
        {
            Damage(file, damage);
        }

        await using (var client = await mesh.StartClientAsync(o => o.StateDirectory = state))
        {
            Assert.Equal("spiffe://cluster.local/ns/default/sa/client", (await client.UntilAsync(Url, _ => true)).Peer);
            Assert.Contains(client.Logs.Entries, e => e.Id.Id == IgnoredIdentity);
        }

        await mesh.StopControlPlaneAsync();
        var again = await mesh.StartClientAsync(o => o.StateDirectory = state);
        Assert.Equal("reviews-v1", (await again.AskAsync(Url)).Workload);
    }

    [Fact]
    public async Task Damaged_files_and_no_control_plane_leave_an_app_without_mesh_but_alive()
    {
        await using var mesh = await StartAsync();
        var state = await SaveAsync(mesh);
        foreach (var file in Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories))
        {
            Damage(file, "garbage");
        }

        await mesh.StopControlPlaneAsync();
        var client = await mesh.StartClientAsync(o =>
        {
            o.StateDirectory = state;
            o.ConfigurationTimeout = TimeSpan.FromMilliseconds(300);
        });

        Assert.Equal(HttpRequestError.NameResolutionError, (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Url))).HttpRequestError);
        Assert.Contains(client.Logs.Entries, e => e.Id.Id == IgnoredResource);
        await mesh.StartControlPlaneAsync();
        Assert.Equal("reviews-v1", (await client.UntilAsync(Url, _ => true)).Workload);
    }

    [Fact]
    public async Task A_state_directory_that_cannot_be_one_is_said_and_done_without()
    {
        await using var mesh = await StartAsync();
        var state = mesh.PathOf("no-directory");
        await File.WriteAllTextAsync(state, "a file");

        var client = await mesh.StartClientAsync(o => o.StateDirectory = state);

        Assert.Equal("reviews-v1", (await client.UntilAsync(Url, _ => true)).Workload);
        Assert.Contains(client.Logs.Entries, e => e.Id.Id == UnusableCache && e.Text.Contains(state, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_and_configuration_on_disk_are_readable_by_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var mesh = await StartAsync();
        var state = await SaveAsync(mesh);

        foreach (var file in Directory.EnumerateFiles(state, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        foreach (var directory in Directory.EnumerateDirectories(state, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        }
    }

    private static async Task<MeshEnvironment> StartAsync()
    {
        var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        return mesh;
    }

    /// <summary>A directory as a client that has worked leaves it.</summary>
    private static async Task<string> SaveAsync(MeshEnvironment mesh)
    {
        var state = mesh.PathOf("state");
        await using (var client = await mesh.StartClientAsync(o => o.StateDirectory = state))
        {
            await client.UntilAsync(Url, _ => true);
        }

        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(state, "config")));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(state, "identity")));
        return state;
    }

    private static void Damage(string file, string how)
    {
        var content = File.ReadAllBytes(file);
        File.WriteAllBytes(file, how switch
        {
            "empty" => [],
            "garbage" => [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 37))],
            "half" => content[..(content.Length / 2)],
            _ => [.. content.Select(b => (byte)(b ^ 1))],
        });
    }
}
