using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.Agent;
using ProxylessMesh.Testing;

namespace ProxylessMesh.ControlPlane.Tests.Agent;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority = new(TimeProvider.System);

    [Fact]
    public void The_files_hold_a_key_its_chain_and_the_roots()
    {
        var files = new CertificateFiles(_directory.File("certs"));
        var state = _authority.CreateIntermediate().IssueIdentity("spiffe://cluster.local/ns/default/sa/a");

        files.Write(state);

        using var pair = X509Certificate2.CreateFromPemFile(files.Chain, files.Key);
        Assert.Equal(state.Certificate.Leaf.Thumbprint, pair.Thumbprint);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.Chain);
        Assert.Equal(2, chain.Count);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(files.Roots);
        Assert.Equal(_authority.Roots[0].Thumbprint, Assert.Single(roots).Thumbprint);
    }

    [Fact]
    public async Task Whoever_resolved_the_folder_once_reads_one_pair_while_it_is_replaced_again_and_again()
    {
        var folder = _directory.File("certs");
        var files = new CertificateFiles(folder);
        var states = Enumerable.Range(0, 5).Select(i => _authority.IssueIdentity($"spiffe://cluster.local/ns/default/sa/a{i}")).ToArray();
        files.Write(states[0]);
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                files.Write(states[i % states.Length]);
            }
        });

        var read = 0;
        while (!writing.IsCompleted || read == 0)
        {
            var set = Path.Combine(folder, new DirectoryInfo(Path.Combine(folder, "..data")).LinkTarget!);
            try
            {
                using var pair = X509Certificate2.CreateFromPemFile(Path.Combine(set, "cert-chain.pem"), Path.Combine(set, "key.pem"));
                read++;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Two replacements later a set is gone: a reader that is so slow begins anew, and has read nothing mixed.
            }
        }

        await writing;
    }

    [Fact]
    public void Files_and_folders_are_their_users_alone_and_old_sets_go()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = _directory.File("certs");
        var files = new CertificateFiles(folder);
        for (var i = 0; i < 4; i++)
        {
            files.Write(_authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/a"));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File.ResolveLinkTarget(files.Key, returnFinalTarget: true)!.FullName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(2, Directory.EnumerateDirectories(folder, "..set-*").Count());
    }

    [Fact]
    public void What_the_files_hold_already_is_not_written_again()
    {
        var files = new CertificateFiles(_directory.File("certs"));
        var state = _authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/a");

        Assert.True(files.Write(state));
        Assert.False(files.Write(state with { }));
        Assert.True(files.Write(state with { Bundle = state.Bundle with { Roots = [.. state.Bundle.Roots, .. new TestAuthority(TimeProvider.System).Roots] } }));
    }

    [Fact]
    public void Files_of_a_former_kind_in_its_place_are_replaced()
    {
        var folder = _directory.File("certs");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "key.pem"), "old");
        var files = new CertificateFiles(folder);

        files.Write(_authority.IssueIdentity("spiffe://cluster.local/ns/default/sa/a"));

        Assert.Contains("PRIVATE KEY", File.ReadAllText(files.Key), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
