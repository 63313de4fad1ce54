using System.CommandLine;
using System.Net;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh serve</c>: the control plane, until it is told to stop.</summary>
internal static class ServeCommand
{
    private const string AllowAny = "ALLOW_ANY";
    private const string RegistryOnly = "REGISTRY_ONLY";

    /// <summary>MeshConfig.pathNormalization.</summary>
    private static readonly Dictionary<string, PathNormalization> PathModes = new(StringComparer.Ordinal)
    {
        ["NONE"] = PathNormalization.None,
        ["BASE"] = PathNormalization.Base,
        ["MERGE_SLASHES"] = PathNormalization.MergeSlashes,
        ["DECODE_AND_MERGE_SLASHES"] = PathNormalization.DecodeAndMergeSlashes,
    };

    public static Command Create(TimeProvider time)
    {
        var config = new Option<string>("--config") { Description = "Folder with the configuration; it is watched.", Required = true };
        var data = new Option<string>("--data") { Description = "Folder of the certificate authority's keys; made at first start.", Required = true };
        var authority = new Option<string?>("--ca-certs") { Description = "Folder of your own certificate authority: ca-cert.pem, ca-key.pem, cert-chain.pem, root-cert.pem; it is watched." };
        var lifetime = DurationOption.Create("--certificate-ttl", "How long a workload's certificate lives.", "24h");
        var longest = DurationOption.Create("--max-certificate-ttl", "The most that a workload gets when it asks for more.", "24h");
        var review = TokenReviewArguments.Create();
        var domain = TrustDomainOptions.Domain();
        var aliases = TrustDomainOptions.Aliases();
        var bound = new Option<bool>("--require-bindings") { Description = "Let only service accounts register workloads that are bound to labels or names (mesh token create --label)." };
        var xds = new Option<ListenAddress>("--xds-address")
        {
            Description = "Plaintext xDS, without proof of who calls; \"off\" for none.",
            DefaultValueFactory = _ => new ListenAddress(new IPEndPoint(IPAddress.Loopback, 15010)),
            CustomParser = result => result.Tokens[0].Value == "off" ? new ListenAddress(null) : new ListenAddress(Address(result)),
        };
        var secure = new Option<IPEndPoint>("--secure-address")
        {
            Description = "xDS and certificates over TLS.",
            DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 15012),
            CustomParser = result => Address(result)!,
        };
        var admin = new Option<ListenAddress>("--admin-address")
        {
            Description = "Where operators' commands are answered, without proof of who asks; \"off\" for none.",
            DefaultValueFactory = _ => new ListenAddress(new IPEndPoint(IPAddress.Loopback, 8080)),
            CustomParser = result => result.Tokens[0].Value == "off" ? new ListenAddress(null) : new ListenAddress(Address(result)),
        };
        var names = new Option<string[]>("--server-name") { Description = "Host name or address under which workloads reach the control plane, besides localhost; may be repeated.", DefaultValueFactory = _ => [] };
        var level = new Option<LogLevel>("--log-level") { Description = "How much is logged, to standard error.", DefaultValueFactory = _ => LogLevel.Warning };
        var outbound = new Option<string>("--outbound-traffic-policy") { Description = "What becomes of calls to hosts that the mesh does not know.", DefaultValueFactory = _ => AllowAny };
        outbound.AcceptOnlyFromAmong(AllowAny, RegistryOnly);
        var paths = new Option<string>("--path-normalization") { Description = "What becomes of request paths before policies and apps see them.", DefaultValueFactory = _ => "BASE" };
        paths.AcceptOnlyFromAmong([.. PathModes.Keys]);
        var loads = LoadReportOption.Create();
        var tls = TlsArguments.Create();
        var blocked = new Option<string[]>("--blocked-cidrs-in-jwks-uris")
        {
            Description = "Network from which no keys of token issuers are fetched, besides link-local ones; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        blocked.Validators.Add(result => AddCidrErrors(result));
        var command = new Command(
            "serve",
            """
            Run the control plane: configuration, registry, xDS and certificates. Stops on SIGINT and SIGTERM.

            Example: mesh serve --config samples/Bookinfo/mesh --data run/data
            """)
        {
            config,
            data,
            authority,
            lifetime,
            longest,
            bound,
            xds,
            secure,
            admin,
            names,
            outbound,
            paths,
            blocked,
            loads,
            level,
        };
        foreach (var option in (IEnumerable<Option>)[.. review.All, .. tls.All, domain, aliases])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(review.Check);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ControlPlaneOptions
            {
                ConfigDirectory = parsed.GetRequiredValue(config),
                DataDirectory = parsed.GetRequiredValue(data),
                CertificatesDirectory = parsed.GetValue(authority),
                CertificateLifetime = parsed.GetRequiredValue(lifetime),
                TokenReview = review.Read(parsed),
                OfflineTokens = review.ReadOffline(parsed),
                RequireBindings = parsed.GetValue(bound),
                MaxCertificateLifetime = parsed.GetRequiredValue(longest),
                XdsAddress = parsed.GetRequiredValue(xds).EndPoint,
                SecureAddress = parsed.GetRequiredValue(secure),
                AdminAddress = parsed.GetRequiredValue(admin).EndPoint,
                AdminIsOptional = parsed.GetResult(admin) is not { Implicit: false },
                ServerNames = parsed.GetRequiredValue(names),
                KeySets = new KeySetLimits().WithBlocked(parsed.GetRequiredValue(blocked).Select(IPNetwork.Parse)),
                LoadReports = LoadReportOption.Settings(parsed.GetValue(loads)),
                Mesh = new MeshSettings
                {
                    TrustDomain = parsed.GetRequiredValue(domain),
                    TrustDomainAliases = parsed.GetRequiredValue(aliases).Except([parsed.GetRequiredValue(domain)]).ToEquatableArray(),
                    MutualTls = tls.MutualTls(parsed),
                    TlsDefaults = tls.Defaults(parsed),
                    OutboundTraffic = parsed.GetRequiredValue(outbound) == RegistryOnly ? OutboundTrafficMode.RegistryOnly : OutboundTrafficMode.AllowAny,
                    LoadReports = parsed.GetValue(loads) is not null,
                    PathNormalization = PathModes[parsed.GetRequiredValue(paths)],
                },
            },
            parsed.GetRequiredValue(level),
            time,
            parsed.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static void AddCidrErrors(System.CommandLine.Parsing.OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (!IPNetwork.TryParse(token.Value, out _))
            {
                result.AddError($"{token.Value} is no network: write 10.0.0.0/8 or fd00::/8");
            }
        }
    }

    /// <summary>An option's address with its port; null after an error.</summary>
    public static IPEndPoint? Address(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (IPEndPoint.TryParse(text, out var address) && text.LastIndexOf(':') > text.LastIndexOf(']'))
        {
            return address;
        }

        result.AddError($"{text} is no address: write 127.0.0.1:15012 or [::1]:15012");
        return null;
    }

    private static async Task<int> RunAsync(
        ControlPlaneOptions options, LogLevel level, TimeProvider time, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        using var logs = new ServeLogs(level);
        try
        {
            var server = new ControlPlaneServer(options, time, logs.Factory);
            await using (server.ConfigureAwait(false))
            {
                await server.StartAsync(cancellationToken).ConfigureAwait(false);
                await StartupReport.WriteAsync(configuration.Output, server, options, time.GetUtcNow()).ConfigureAwait(false);
                logs.ShowProblems();
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            }

            return ExitCodes.Good;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Good;
        }
        catch (DirectoryNotFoundException e)
        {
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.Usage;
        }
        catch (CertificateAuthorityException e)
        {
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.BadData;
        }
        catch (IOException e)
        {
            await configuration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }

    /// <summary>Null: do not listen.</summary>
    private readonly record struct ListenAddress(IPEndPoint? EndPoint);
}
