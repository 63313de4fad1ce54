using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Sources.Files;

/// <summary>What a scan makes of files that come, go and are half written; the clock is the test's.</summary>
public sealed class ConfigFolderTests : IDisposable
{
    private const string Service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(60);

    private readonly TemporaryFolder _temporary = new();
    private readonly FakeTime _time = new();
    private readonly ConfigFolder _folder;

    public ConfigFolderTests() => _folder = new ConfigFolder(_temporary.Path, FileSourceOptions.Default, _time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_empty_or_gone_for_a_moment_keeps_its_objects(bool gone)
    {
        _temporary.Write("a.yaml", Service);
        _folder.Scan();

        Vanish(gone);
        Assert.Equal(1, Objects());
        Assert.True(_folder.IsUnsettled);
        _time.Advance(Moment);
        Assert.Equal(1, Objects());

        _temporary.Write("a.yaml", Service + "---\n" + Service.Replace("name: a", "name: b", StringComparison.Ordinal));
        Assert.Equal(2, Objects());
        Assert.False(_folder.IsUnsettled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_stays_empty_or_gone_loses_its_objects(bool gone)
    {
        _temporary.Write("a.yaml", Service);
        _folder.Scan();

        Vanish(gone);
        Assert.Equal(1, Objects());
        _time.Advance(FileSourceOptions.Default.ConfirmAbsence);
        Assert.Equal(0, Objects());
        Assert.False(_folder.IsUnsettled);
    }

    [Fact]
    public void A_folder_that_vanishes_keeps_everything_and_says_so()
    {
        _temporary.Write("in/a.yaml", Service);
        var folder = new ConfigFolder(_temporary.PathOf("in"), FileSourceOptions.Default, _time);
        folder.Scan();
        Directory.Delete(_temporary.PathOf("in"), recursive: true);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Single(folder.Scan().Single().Objects);
        Assert.Single(folder.Problems);
    }

    [Fact]
    public void A_file_of_the_same_size_and_time_is_not_read_again_unless_it_is_young()
    {
        _temporary.Write("a.yaml", Service);
        var old = _time.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(1);
        File.SetLastWriteTimeUtc(_temporary.PathOf("a.yaml"), old);
        var first = _folder.Scan();
        Assert.Same(first[0], _folder.Scan()[0]);

        File.SetLastWriteTimeUtc(_temporary.PathOf("a.yaml"), _time.GetUtcNow().UtcDateTime);
        var young = _folder.Scan();
        Assert.NotSame(first[0], young[0]);
        Assert.NotSame(young[0], _folder.Scan()[0]);
    }

    [Fact]
    public void A_file_over_the_limit_and_one_that_is_no_text_are_refused()
    {
        var folder = new ConfigFolder(_temporary.Path, FileSourceOptions.Default with { Limits = new(MaxBytes: 10) }, _time);
        _temporary.Write("big.yaml", "01234567890");
        File.WriteAllBytes(_temporary.PathOf("binary.yaml"), [0xff, 0xfe, 0x00]);

        var files = folder.Scan();

        Assert.Equal(
            [
                "big.yaml:1:1 error MESH1002 the file is larger than 10 bytes",
                "binary.yaml:1:1 error MESH1002 the file is not UTF-8 text",
            ],
            files.SelectMany(f => f.Problems).Select(p => p.ToString().Split(Environment.NewLine)[0]));
    }

    [Fact]
    public void A_byte_order_mark_and_JSON_with_tabs_are_fine()
    {
        _temporary.Write("a.json", "\uFEFF{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Service\",\n\t\"metadata\": {\n\t\t\"name\": \"a\"\n\t},\n\t\"spec\": {\n\t\t\"ports\": [\n\t\t\t{ \"port\": 80 }\n\t\t]\n\t}\n}\n");

        Assert.NotNull(Assert.Single(_folder.Scan().Single().Objects).Object);
    }

    public void Dispose() => _temporary.Dispose();

    private int Objects() => _folder.Scan().Sum(f => f.Objects.Length);

    private void Vanish(bool gone)
    {
        if (gone)
        {
            File.Delete(_temporary.PathOf("a.yaml"));
        }
        else
        {
            _temporary.Write("a.yaml", "");
        }
    }
}
