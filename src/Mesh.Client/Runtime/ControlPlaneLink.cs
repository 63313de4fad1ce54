using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Identity.WorkloadApi;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Runtime;

/// <summary>What leads from this process to its control plane: how ADS is dialled, and where the certificate comes from.</summary>
/// <param name="Transport">ADS.</param>
/// <param name="Identity">Null for a plaintext control plane: it gives no certificates.</param>
/// <param name="Node">Who a bootstrap file says that we are, or null: as the options describe us.</param>
/// <param name="Names">How resources are named here.</param>
internal sealed record ControlPlaneLink(IAdsTransport Transport, IIdentitySource? Identity, NodeInfo? Node, ListenerNames Names)
{
    // As with Istio's sidecars: a Service that is deleted is unknown from then on, like any host that the mesh never knew.
    private static readonly XdsServerFeatures Features = XdsServerFeatures.None with { DropDeleted = true };

    /// <summary>Where to go when the transport before cannot be reached, in order of preference.</summary>
    public IReadOnlyList<IAdsTransport> Fallbacks { get; init; } = [];

    /// <summary>Ways to the servers of the authorities of xdstp names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IAdsTransport>> Authorities { get; init; } = FrozenDictionary<string, IReadOnlyList<IAdsTransport>>.Empty;

    // Istio's agent and ours name their only provider so.
    private const string DefaultProvider = "default";

    /// <summary>By the options, else by a gRPC bootstrap file, else null: there is no control plane.</summary>
    /// <exception cref="BootstrapException">The file is not usable; the message names source, line and path.</exception>
    public static ControlPlaneLink? Find(MeshOptions options, ILoggerFactory logs, TimeProvider time, IRandomSource random) =>
        options.Mode == MeshMode.Off ? null
        : options.ControlPlane is { } address ? ByOptions(options, address, logs, time, random)
        : BootstrapLoader.Load(Environment.GetEnvironmentVariable) is { } bootstrap ? ByBootstrap(options, bootstrap, logs, time)
        : null;

    private static ControlPlaneLink ByBootstrap(MeshOptions options, XdsBootstrap bootstrap, ILoggerFactory logs, TimeProvider time)
    {
        var provider = bootstrap.CertificateProviders.FirstOrDefault(p => p.InstanceName == DefaultProvider);
        var servers = new BootstrapServers(
            bootstrap, server => BootstrapTransport.Create(server, new GrpcChannelSettings(), time, Variant(options, AdsVariant.StateOfTheWorld)));
        return new ControlPlaneLink(
            servers.Default[0],
            provider is null ? null : new FileIdentitySource(provider.Files, time, logs.CreateLogger<FileIdentitySource>()),
            bootstrap.Node.Id.Length > 0 ? bootstrap.Node : null,
            new ListenerNames(bootstrap.ClientDefaultListenerResourceNameTemplate, bootstrap.ServerListenerResourceNameTemplate ?? ListenerNames.Default.Inbound)
            {
                ByHost = options.Authorities.ToFrozenDictionary(h => h.Key, h => TemplateOf(h.Key, h.Value, bootstrap), StringComparer.OrdinalIgnoreCase),
            })
        {
            Fallbacks = [.. servers.Default.Skip(1)],
            Authorities = servers.Authorities,
        };
    }

    private static string TemplateOf(string host, string authority, XdsBootstrap bootstrap) =>
        bootstrap.Authorities.LastOrDefault(a => a.Name == authority)?.ListenerTemplate
        ?? throw new BootstrapException($"Mesh:Authorities gives {host} to the authority \"{authority}\", which the bootstrap does not list.");

    private static ControlPlaneLink ByOptions(MeshOptions options, Uri address, ILoggerFactory logs, TimeProvider time, IRandomSource random)
    {
        if (address.Scheme != Uri.UriSchemeHttps)
        {
            var plain = new GrpcAdsTransport(Name(address), Features, () => new GrpcChannel(address, new GrpcChannelSettings(), null, time))
            {
                // Behind a socket of this machine may be Istio's agent, too.
                Variant = Variant(options, address.Scheme == "unix" ? AdsVariant.StateOfTheWorld : AdsVariant.Auto),
            };
            return new ControlPlaneLink(plain, null, null, ListenerNames.Default);
        }

        var roots = new RootCertificates(options.RootCertificateFile);
        var access = new ControlPlaneAccess(address, roots.Read, options.TokenFile is { } file ? new TokenFile(file) : null, time);
        access.Identity = CreateIdentity(options, access, roots, logs, time, random);
        return new ControlPlaneLink(access.CreateTransport(Features, Variant(options, AdsVariant.Auto)), access.Identity, null, ListenerNames.Default);
    }

    private static IIdentitySource CreateIdentity(
        MeshOptions options, ControlPlaneAccess access, RootCertificates roots, ILoggerFactory logs, TimeProvider time, IRandomSource random)
    {
        if (options.SpiffeEndpointSocket is { } socket)
        {
            return new WorkloadApiIdentitySource(socket, time, random, logs.CreateLogger<WorkloadApiIdentitySource>());
        }

        if (options.CertificateDirectory is { } folder)
        {
            return new FileIdentitySource(CertificateFolder.FilesOf(folder), time, logs.CreateLogger<FileIdentitySource>());
        }

        var store = options.StateDirectory is { } state
            ? new IdentityStore(Path.Combine(state, "identity"), logs.CreateLogger<IdentityStore>())
            : null;
        var settings = new CaIdentityOptions
        {
            Namespace = options.Workload.Namespace,
            ServiceAccount = options.Workload.ServiceAccount,
            Roots = roots.Read,
            KeyType = options.Workload.KeyType,
        };
        return new CaIdentitySource(access.CreateIssuer(), store, settings, time, random, logs.CreateLogger<CaIdentitySource>());
    }

    /// <summary>What <see cref="XdsProtocol.Auto"/> means depends on the server: one that a bootstrap file names may be Istio's agent, which serves gRPC's libraries.</summary>
    private static AdsVariant Variant(MeshOptions options, AdsVariant byItself) => options.XdsProtocol switch
    {
        XdsProtocol.StateOfTheWorld => AdsVariant.StateOfTheWorld,
        XdsProtocol.Delta => AdsVariant.Delta,
        _ => byItself,
    };

    private static string Name(Uri address) => address.IsFile ? address.AbsoluteUri : address.GetLeftPart(UriPartial.Authority);
}
