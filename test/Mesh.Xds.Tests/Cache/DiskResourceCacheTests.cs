using System.Text;
using ProxylessMesh.Xds.Cache;

namespace ProxylessMesh.Xds.Tests.Cache;

public sealed class DiskResourceCacheTests : IDisposable
{
    private readonly CacheFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_one_process_stored_the_next_one_finds()
    {
        await _fixture.WriteAsync(("a", "first"), ("b", "x"), ("a", "second"));
        await using var cache = _fixture.Open();

        var found = cache.Find("type", "a")!;
        Assert.Equal(("type", "a", "1", "second"), (found.TypeUrl, found.Name, found.Version, CacheFixture.Text(found)));
        Assert.Null(cache.Find("type", "c"));
        Assert.Null(cache.Find("other", "a"));
        Assert.Equal(2, _fixture.Files.Length);
    }

    [Fact]
    public async Task A_store_or_removal_is_seen_before_it_is_written()
    {
        await _fixture.WriteAsync(("a", "old"));
        await using (var cache = _fixture.Open())
        {
            cache.Store("type", "a", "2", "new"u8.ToArray());
            Assert.Equal("new", CacheFixture.Text(cache.Find("type", "a")));
            cache.Remove("type", "a");
            Assert.Null(cache.Find("type", "a"));
        }

        Assert.Empty(_fixture.Files);
    }

    [Fact]
    public async Task Only_the_owner_may_enter()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_fixture.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        await _fixture.WriteAsync(("a", "x"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_fixture.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(_fixture.Files)));
    }

    [Fact]
    public async Task Names_are_never_paths()
    {
        await _fixture.WriteAsync(("../../etc/passwd", "x"), ("", "y"), (new string('n', 5000), "z"), ("xds.istio.io/grpc/lds/inbound/[::]:9080", "v"));
        await using var cache = _fixture.Open();

        Assert.Equal("x", CacheFixture.Text(cache.Find("type", "../../etc/passwd")));
        Assert.Equal("z", CacheFixture.Text(cache.Find("type", new string('n', 5000))));
        Assert.All(_fixture.Files, f => Assert.Matches("^[0-9a-f]{64}\\.resource$", Path.GetFileName(f)));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_a_warning()
    {
        var file = _fixture.Path;
        await File.WriteAllTextAsync(file, "not a directory");

        Assert.Null(DiskResourceCache.Open(file, new(), _fixture.Logs));
        Assert.Contains(_fixture.Logs.Entries, e => e.Id.Id == 1300);
    }

    [Fact]
    public async Task Beyond_the_limits_those_confirmed_longest_ago_go()
    {
        var settings = new DiskResourceCacheSettings { MaxResources = 3 };
        for (var i = 0; i < 10; i++)
        {
            // One process each, so that the order on disk is the order of writing.
            await using var cache = _fixture.Open(settings);
            cache.Store("type", $"n{i}", "1", Encoding.UTF8.GetBytes($"x{i}"));
        }

        await using var last = _fixture.Open(settings);
        Assert.Equal(3, _fixture.Files.Length);
        Assert.Equal("x9", CacheFixture.Text(last.Find("type", "n9")));
        Assert.Null(last.Find("type", "n0"));
    }

    [Fact]
    public async Task The_total_size_is_bounded()
    {
        var settings = new DiskResourceCacheSettings { MaxTotalSize = 10_000 };
        await using (var cache = _fixture.Open(settings))
        {
            for (var i = 0; i < 100; i++)
            {
                cache.Store("type", $"n{i}", "1", new byte[900]);
            }
        }

        Assert.InRange(_fixture.Files.Sum(f => new FileInfo(f).Length), 1, 10_000);
    }

    [Fact]
    public async Task An_oversized_resource_is_not_kept_and_replaces_what_was()
    {
        await _fixture.WriteAsync(("a", "small"));
        await using (var cache = _fixture.Open(new() { MaxFileSize = 1000 }))
        {
            cache.Store("type", "a", "2", new byte[1000]);
            cache.Store("type", "a", "3", new byte[1000]);
        }

        Assert.Empty(_fixture.Files);
        Assert.Single(_fixture.Logs.Entries, e => e.Id.Id == 1303);
    }

    [Fact]
    public async Task Damaged_half_written_swapped_and_oversized_files_are_ignored_with_one_warning_each()
    {
        await _fixture.WriteAsync(("a", "x"), ("b", "y"));
        var (a, b) = (FileOf("a"), FileOf("b"));
        var good = await File.ReadAllBytesAsync(a);
        var cases = new Dictionary<string, byte[]>
        {
            ["empty"] = [],
            ["half written"] = good[..(good.Length / 2)],
            ["longer"] = [.. good, 0],
            ["another's"] = await File.ReadAllBytesAsync(b),
            ["of another format"] = [.. good[..4], 2, .. good[5..]],
            ["huge"] = new byte[5 * 1024 * 1024],
        };
        foreach (var (what, content) in cases)
        {
            await File.WriteAllBytesAsync(a, content);
            var before = Warnings();
            await using var cache = _fixture.Open();
            Assert.True(cache.Find("type", "a") is null, what);
            Assert.Null(cache.Find("type", "a"));
            Assert.Equal(before + 1, Warnings());
            Assert.Equal("y", CacheFixture.Text(cache.Find("type", "b")));
        }
    }

    [Fact]
    public async Task Thousands_of_mutated_files_never_pass_for_good_and_never_throw()
    {
        await _fixture.WriteAsync(("a", "some resource"));
        var good = await File.ReadAllBytesAsync(FileOf("a"));
        var random = new Random(4711);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = good.ToList();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] ^= (byte)random.Next(1, 256);
                        break;
                    case 1:
                        bytes.RemoveAt(at);
                        break;
                    default:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                }
            }

            Assert.Equal(bytes.SequenceEqual(good), StoredResourceFormat.TryRead(bytes.ToArray(), out _, out var problem));
            Assert.Equal(bytes.SequenceEqual(good), problem.Length == 0);
        }
    }

    [Fact]
    public void Lengths_that_lie_behind_a_right_checksum_are_found()
    {
        var random = new Random(1);
        var file = StoredResourceFormat.Write(new("t", "n", "v", "bytes"u8.ToArray()));
        for (var i = 0; i < 5_000; i++)
        {
            var forged = (byte[])file.Clone();
            BitConverter.TryWriteBytes(forged.AsSpan(37 + random.Next(forged.Length - 41)), random.Next(2) == 0 ? random.Next() : -random.Next());
            System.Security.Cryptography.SHA256.HashData(forged.AsSpan(37), forged.AsSpan(5));
            StoredResourceFormat.TryRead(forged, out _, out _);
        }
    }

    [Fact]
    public async Task Temporary_files_of_a_process_that_died_are_swept()
    {
        await _fixture.WriteAsync(("a", "x"));
        await File.WriteAllTextAsync(FileOf("a") + ".tmp", "half");
        await using var cache = _fixture.Open();

        Assert.Single(_fixture.Files);
        Assert.Equal("x", CacheFixture.Text(cache.Find("type", "a")));
    }

    [Fact]
    public void Equal_bytes_are_not_written_twice()
    {
        var index = new CacheIndex([], new());
        Assert.True(index.NeedsWrite("a", "x"u8));
        index.MakeRoom("a", 1);
        index.Written("a", 1, "x"u8);

        Assert.False(index.NeedsWrite("a", "x"u8));
        Assert.True(index.NeedsWrite("a", "y"u8));
    }

    private string FileOf(string name) => Path.Combine(_fixture.Path, CacheDirectory.FileName("type", name));

    private int Warnings() => _fixture.Logs.Entries.Count(e => e.Id.Id == 1301);
}
