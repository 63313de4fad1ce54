using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

/// <summary>A folder as Kubernetes mounts it: <c>tls.crt -> ..data/tls.crt</c>, and <c>..data</c> is a link that is swapped.</summary>
public sealed class CertificateFolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly TestAuthority _authority;

    public CertificateFolderTests() => _authority = new TestAuthority(_time);

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task A_folder_that_is_swapped_by_a_link_is_followed()
    {
        Mount("..2030_01_01");
        foreach (var file in (string[])["tls.crt", "tls.key", "ca.crt"])
        {
            File.CreateSymbolicLink(_directory.File(file), Path.Combine("..data", file));
        }

        var files = CertificateFolder.FilesOf(_directory.Path);
        await using var source = new FileIdentitySource(files, _time, _logs.CreateLogger<FileIdentitySource>());
        source.Start();
        var first = source.Current!.Certificate.Leaf.SerialNumber;
        for (var round = 2; round < 5; round++)
        {
            var before = source.Current.Certificate.Leaf.SerialNumber;
            Mount($"..2030_01_0{round}");
            Directory.Delete(_directory.File($"..2030_01_0{round - 1}"), recursive: true);
            _time.Advance(files.RefreshInterval);
            Assert.Null(source.LastError);
            Assert.NotEqual(before, source.Current.Certificate.Leaf.SerialNumber);
        }

        // A link that leads nowhere, as a broken mount has it, leaves the last good identity in force.
        var last = source.Current;
        Directory.Delete(_directory.File("..2030_01_04"), recursive: true);
        _time.Advance(files.RefreshInterval);
        Assert.Same(last, source.Current);
        Assert.NotNull(source.LastError);
        Assert.NotEqual(first, last.Certificate.Leaf.SerialNumber);
    }

    // Nobody looks while the clock stands, so the link need not be swapped in one step, as kubelet does.
    private void Mount(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = _authority.Issue(new PublicKey(key), new TestLeaf { Uris = ["spiffe://cluster.local/ns/default/sa/reviews"] });
        Directory.CreateDirectory(_directory.File(folder));
        File.WriteAllText(Path.Combine(_directory.File(folder), "tls.crt"), leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_directory.File(folder), "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_directory.File(folder), "ca.crt"), _authority.Certificate.ExportCertificatePem());
        if (Directory.Exists(_directory.File("..data")))
        {
            Directory.Delete(_directory.File("..data"));
        }

        Directory.CreateSymbolicLink(_directory.File("..data"), folder);
    }
}
