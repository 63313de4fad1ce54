using System.Security.Cryptography;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Identity.WorkloadApi;
using ProxylessMesh.Xds.Randomness;
using Spiffe.Workload;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>Certificates that somebody else keeps fresh: a SPIFFE agent on a Unix socket, cert-manager in a folder.</summary>
public sealed class OtherCertificateSourcesTests : IAsyncLifetime
{
    private const string Client = "spiffe://cluster.local/ns/default/sa/client";

    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _authority = new(TimeProvider.System);
    private readonly Channel<X509SVIDResponse> _sent = Channel.CreateUnbounded<X509SVIDResponse>();
    private readonly CollectedLogs _logs = new();
    private WebApplication? _agent;
    private string? _header;

    private Uri Socket => new($"unix://{_files.File("agent.sock")}");

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(k => k.ListenUnixSocket(_files.File("agent.sock"), e => e.Protocols = HttpProtocols.Http2));
        _agent = builder.Build();
        _agent.MapGrpcDuplex(WorkloadApiMethods.FetchX509Svid, async (stream, cancellationToken) =>
        {
            _header = stream.HttpContext.Request.Headers[WorkloadApiMethods.SecurityHeader];
            await stream.ReadAsync(cancellationToken);
            await foreach (var response in _sent.Reader.ReadAllAsync(cancellationToken))
            {
                await stream.WriteAsync(response, cancellationToken);
            }

            throw new GrpcException(GrpcStatusCode.Unavailable, "gone");
        });
        await _agent.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _sent.Writer.TryComplete();
        await _agent!.DisposeAsync();
        _files.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task An_agent_sends_the_identity_and_each_change_of_it()
    {
        var partner = new TestAuthority(TimeProvider.System, "partner.example");
        var below = _authority.CreateIntermediate();
        await using var source = Source();
        source.Start();
        var first = Response(below);
        first.FederatedBundles["spiffe://partner.example"] = Bundle(partner);
        _sent.Writer.TryWrite(first);
        var state = await source.WaitAsync(CancellationToken.None).WaitAsync(Poll.Patience);

        Assert.Equal("true", _header);
        Assert.Equal(Client, state.Certificate.Id.ToString());
        Assert.Single(state.Certificate.Context.IntermediateCertificates);
        var friend = partner.IssueFor("friend").Certificate;
        Assert.True(PeerVerifier.Verify(friend.Leaf, [], state.Bundle, TimeProvider.System).IsTrusted);

        // A root speaks for its own trust domain only.
        var lie = partner.IssueIdentity(Client).Certificate;
        Assert.Contains("does not chain to a root of trust domain cluster.local", PeerVerifier.Verify(lie.Leaf, [], state.Bundle, TimeProvider.System).Error, StringComparison.Ordinal);
        var ours = _authority.IssueIdentity("spiffe://partner.example/ns/default/sa/friend").Certificate;
        Assert.Contains("does not chain to a root of trust domain partner.example", PeerVerifier.Verify(ours.Leaf, [], state.Bundle, TimeProvider.System).Error, StringComparison.Ordinal);

        // What cannot be used changes nothing.
        var changed = new TaskCompletionSource();
        source.Changed += changed.SetResult;
        _sent.Writer.TryWrite(new X509SVIDResponse());
        var broken = Response(_authority);
        broken.Svids[0].X509Svid = ByteString.CopyFromUtf8("damaged");
        _sent.Writer.TryWrite(broken);
        var foreign = Response(_authority);
        foreign.Svids[0].SpiffeId = "spiffe://cluster.local/ns/default/sa/somebody";
        _sent.Writer.TryWrite(foreign);
        _sent.Writer.TryWrite(Response(_authority));
        await changed.Task.WaitAsync(Poll.Patience);
        Assert.NotEqual(state.Certificate.Leaf.SerialNumber, source.Current!.Certificate.Leaf.SerialNumber);
        Assert.Equal(3, _logs.Entries.Count(e => e.Id.Id == 1461));
        Assert.False(PeerVerifier.Verify(friend.Leaf, [], source.Current.Bundle, TimeProvider.System).IsTrusted);
    }

    [Fact]
    public async Task A_workload_with_an_agent_or_a_folder_calls_as_who_it_is()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")), ("security.yaml", Yaml.PeerAuthentication("STRICT")));
        await mesh.StartWorkloadAsync("reviews");
        _sent.Writer.TryWrite(Response(mesh.Authority));
        var byAgent = await mesh.StartClientAsync(options =>
        {
            options.TokenFile = null;
            options.SpiffeEndpointSocket = Socket;
        });
        Assert.Equal(Client, (await byAgent.UntilAsync("http://reviews:9080/", _ => true)).Peer);

        var svid = Response(mesh.Authority).Svids[0];
        var folder = Directory.CreateDirectory(_files.File("..2026")).FullName;
        File.WriteAllText(Path.Combine(folder, "tls.crt"), PemEncoding.WriteString("CERTIFICATE", svid.X509Svid.Span));
        File.WriteAllText(Path.Combine(folder, "tls.key"), PemEncoding.WriteString("PRIVATE KEY", svid.X509SvidKey.Span));
        File.WriteAllText(Path.Combine(folder, "ca.crt"), mesh.Authority.Certificate.ExportCertificatePem());
        Directory.CreateSymbolicLink(_files.File("..data"), folder);
        var mount = Directory.CreateDirectory(_files.File("mount")).FullName;
        foreach (var name in (string[])["tls.crt", "tls.key", "ca.crt"])
        {
            File.CreateSymbolicLink(Path.Combine(mount, name), Path.Combine(_files.File("..data"), name));
        }

        var byFolder = await mesh.StartClientAsync(options =>
        {
            options.TokenFile = null;
            options.CertificateDirectory = mount;
        });
        Assert.Equal(Client, (await byFolder.UntilAsync("http://reviews:9080/", _ => true)).Peer);
    }

    private WorkloadApiIdentitySource Source() =>
        new(Socket, TimeProvider.System, SystemRandomSource.Instance, new Logger<WorkloadApiIdentitySource>(_logs));

    private static X509SVIDResponse Response(TestAuthority authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = authority.Issue(key, new TestLeaf { Uris = [Client] });
        var chain = leaf.RawData.Concat(authority.Intermediates.SelectMany(c => c.RawData)).ToArray();
        var svid = new X509SVID
        {
            SpiffeId = Client,
            X509Svid = ByteString.CopyFrom(chain),
            X509SvidKey = ByteString.CopyFrom(key.ExportPkcs8PrivateKey()),
            Bundle = Bundle(authority),
        };
        return new X509SVIDResponse { Svids = { svid } };
    }

    private static ByteString Bundle(TestAuthority authority) => ByteString.CopyFrom([.. authority.Roots.SelectMany(c => c.RawData)]);
}
