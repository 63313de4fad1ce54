using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class IdentityStoreTests : IDisposable
{
    private const string Id = "spiffe://cluster.local/ns/default/sa/reviews";
    private static readonly string[] s_files = ["key.pem", "cert-chain.pem", "root-cert.pem"];

    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority;
    private readonly IdentityStore _store;

    public IdentityStoreTests()
    {
        _authority = new TestAuthority(_time).CreateIntermediate();
        _store = new IdentityStore(Folder, _logs.CreateLogger("store"));
    }

    private string Folder => _directory.File("state/identity");

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public void What_was_saved_comes_back_with_intermediates_and_roots()
    {
        var saved = Save();
        var loaded = _store.Load(null, _time);

        Assert.NotNull(loaded);
        Assert.Equal(saved.Certificate.Leaf.RawData, loaded.Certificate.Leaf.RawData);
        Assert.Equal(Id, loaded.Certificate.Id.ToString());
        Assert.Single(loaded.Certificate.Context.IntermediateCertificates);
        Assert.Single(loaded.Bundle.Roots);
        Assert.Empty(_logs.Entries);

        var more = new TestAuthority(_time).Roots;
        Assert.Equal(2, _store.Load(more, _time)!.Bundle.Roots.Count);
    }

    [Fact]
    public void Nobody_else_may_read_it()
    {
        Save();
        Save();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
            foreach (var file in s_files)
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, file)));
            }

            File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            Save();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        }

        // Nothing half-written stays behind.
        Assert.Equal(s_files.Order(), Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Nothing_saved_is_no_news()
    {
        Assert.Null(_store.Load(null, _time));
        Assert.Empty(_logs.Entries);
    }

    [Theory]
    [InlineData("key.pem")]
    [InlineData("cert-chain.pem")]
    [InlineData("root-cert.pem")]
    public void A_damaged_file_is_ignored_with_a_warning(string name)
    {
        var path = Path.Combine(Folder, name);
        Save();
        var text = File.ReadAllText(path);
        foreach (var damaged in (string?[])[null, "", "hello", text[..(text.Length / 2)], text.Replace('A', '!'), new string('x', 300_000), "\0\0\0"])
        {
            File.Delete(path);
            if (damaged is not null)
            {
                File.WriteAllText(path, damaged);
            }

            var warnings = _logs.Entries.Count;
            Assert.Null(_store.Load(null, _time));
            var warning = _logs.Entries.Skip(warnings).Single();
            Assert.Equal((1410, LogLevel.Warning), (warning.Id.Id, warning.Level));
            Assert.DoesNotContain("PRIVATE", warning.Text, StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);
        Assert.NotNull(_store.Load(null, _time));
    }

    [Fact]
    public void A_key_of_another_certificate_is_ignored()
    {
        Save();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(Folder, "key.pem"), other.ExportPkcs8PrivateKeyPem());
        Assert.Null(_store.Load(null, _time));

        using var rsa = RSA.Create(2048);
        File.WriteAllText(Path.Combine(Folder, "key.pem"), rsa.ExportPkcs8PrivateKeyPem());
        Assert.Null(_store.Load(null, _time));
        Assert.Equal(2, _logs.Entries.Count(e => e.Id.Id == 1410));
    }

    [Fact]
    public void A_directory_that_cannot_be_written_costs_a_warning_only()
    {
        var file = _directory.File("file");
        File.WriteAllText(file, "");
        var store = new IdentityStore(Path.Combine(file, "identity"), _logs.CreateLogger("store"));
        store.Save(_authority.IssueIdentity(Id), "");

        Assert.Equal(1411, Assert.Single(_logs.Entries).Id.Id);
    }

    private IdentityState Save()
    {
        var state = _authority.IssueIdentity(Id);
        var chain = new[] { state.Certificate.Leaf }.Concat(_authority.Intermediates).Concat(_authority.Roots);
        _store.Save(state, string.Join('\n', chain.Select(c => c.ExportCertificatePem())));
        return state;
    }
}
