using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Sources.Files;

/// <summary>A real folder, a real watcher; every wait is for a snapshot that the source announces.</summary>
public sealed class FileConfigSourceTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly CollectedLogs _logs = new();
    private FileConfigSource? _source;

    [Fact]
    public async Task An_edited_file_is_seen()
    {
        _folder.Write("a.yaml", Service("a"));
        var source = await StartAsync();
        Assert.Equal(["a"], Names(source.Current));

        await AfterAsync(() => _folder.Write("a.yaml", Service("a") + "---\n" + Service("b")), s => Names(s).SequenceEqual(["a", "b"]));
    }

    [Fact]
    public async Task A_new_file_in_a_new_folder_is_seen()
    {
        await StartAsync();

        await AfterAsync(() => _folder.Write("team/one/a.yaml", Service("a")), s => Names(s).Contains("a"));
    }

    [Fact]
    public async Task A_file_replaced_by_rename_is_seen()
    {
        _folder.Write("a.yaml", Service("a"));
        await StartAsync();
        _folder.Write(".a.yaml.tmp", Service("b"));

        await AfterAsync(() => File.Move(_folder.PathOf(".a.yaml.tmp"), _folder.PathOf("a.yaml"), overwrite: true), s => Names(s).SequenceEqual(["b"]));
    }

    [Fact]
    public async Task The_objects_of_a_deleted_file_go()
    {
        _folder.Write("a.yaml", Service("a"));
        _folder.Write("b.yaml", Service("b"));
        await StartAsync();

        await AfterAsync(() => File.Delete(_folder.PathOf("a.yaml")), s => Names(s).SequenceEqual(["b"]));
    }

    [Fact]
    public async Task A_file_that_does_not_parse_is_reported_and_its_objects_stay()
    {
        _folder.Write("a.yaml", Service("a"));
        await StartAsync();

        var snapshot = await AfterAsync(() => _folder.Write("a.yaml", "apiVersion: [\n"), s => s.Problems.Length > 0);

        Assert.Equal(["a"], Names(snapshot));
        Assert.Equal(ProblemCodes.Syntax, Assert.Single(snapshot.Problems).Code);
        Assert.Contains(_logs.Entries, e => e.Id.Id == 4010 && e.Text.Contains("a.yaml:2:1", StringComparison.Ordinal));

        snapshot = await AfterAsync(() => _folder.Write("a.yaml", Service("b")), s => s.Problems.Length == 0);
        Assert.Equal(["b"], Names(snapshot));
    }

    [Fact]
    public async Task A_link_to_nothing_is_reported_and_the_last_good_objects_stay()
    {
        _folder.Write("target/a.txt", Service("a"));
        File.CreateSymbolicLink(_folder.PathOf("a.yaml"), "target/a.txt");
        await StartAsync();

        var snapshot = await AfterAsync(() => File.Delete(_folder.PathOf("target/a.txt")), s => s.Problems.Length > 0);

        Assert.Equal(["a"], Names(snapshot));
        Assert.Equal(ProblemCodes.Unreadable, Assert.Single(snapshot.Problems).Code);
    }

    [Fact]
    public async Task A_ConfigMap_mount_is_swapped_as_a_whole()
    {
        _folder.Write("..one/a.yaml", Service("a"));
        _folder.Write("..two/a.yaml", Service("b"));
        Directory.CreateSymbolicLink(_folder.PathOf("..data"), "..one");
        File.CreateSymbolicLink(_folder.PathOf("a.yaml"), "..data/a.yaml");
        var source = await StartAsync();
        Assert.Equal(["a"], Names(source.Current));

        var snapshot = await AfterAsync(
            () =>
            {
                Directory.CreateSymbolicLink(_folder.PathOf("..data_tmp"), "..two");

                // As the kubelet does: rename(2) over the old link, which File.Move refuses for links to folders.
                using var rename = Process.Start("mv", ["-T", _folder.PathOf("..data_tmp"), _folder.PathOf("..data")]);
                rename.WaitForExit();
            },
            s => Names(s).SequenceEqual(["b"]));
        Assert.Empty(snapshot.Problems);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_end_the_watching()
    {
        _folder.Write("a.yaml", Service("a"));
        var source = await StartAsync();
        source.Changed += _ => throw new InvalidOperationException("on purpose");

        await AfterAsync(() => _folder.Write("b.yaml", Service("b")), s => Names(s).Contains("b"));
        await AfterAsync(() => _folder.Write("c.yaml", Service("c")), s => Names(s).Contains("c"));
        Assert.Contains(_logs.Entries, e => e.Id.Id == 4002);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_an_error_at_start()
    {
        await using var source = NewSource(_folder.PathOf("nowhere"));

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => source.StartAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static IEnumerable<string> Names(ConfigSnapshot snapshot) => snapshot.Objects.OfType<Service>().Select(s => s.Meta.Id.Name);

    private static string Service(string name) => $"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  ports: [{{port: 80}}]\n";

    private FileConfigSource NewSource(string folder) =>
        new(folder, new MeshSettings(), TimeProvider.System, _logs.CreateLogger<FileConfigSource>());

    private async Task<FileConfigSource> StartAsync()
    {
        _source = NewSource(_folder.Path);
        await _source.StartAsync(CancellationToken.None);
        return _source;
    }

    /// <summary>Does something and waits until a snapshot shows it.</summary>
    private async Task<ConfigSnapshot> AfterAsync(Action change, Func<ConfigSnapshot, bool> shows)
    {
        var seen = new TaskCompletionSource<ConfigSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChanged(ConfigSnapshot snapshot)
        {
            if (shows(snapshot))
            {
                seen.TrySetResult(snapshot);
            }
        }

        _source!.Changed += OnChanged;
        try
        {
            change();
            return shows(_source.Current) ? _source.Current : await seen.Task.WaitAsync(Patience);
        }
        finally
        {
            _source.Changed -= OnChanged;
        }
    }
}
