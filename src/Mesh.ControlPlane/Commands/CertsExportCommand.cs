using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh certs export</c>: key and certificate of a workload that cannot ask for its own.</summary>
internal static class CertsExportCommand
{
    private const string Pem = "pem";
    private const string Pkcs12 = "pkcs12";
    private const string TrustDomain = "cluster.local";

    public static Command Create(TimeProvider time)
    {
        var (data, plugged) = CertsCommand.AuthorityOptions();
        var account = new Option<string>("--service-account") { Description = "Whom the certificate names, as NAMESPACE/NAME.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder for the files; made if it is missing, mode 0700.", Required = true };
        var format = new Option<string>("--format") { Description = "pem: key.pem, cert-chain.pem, root-cert.pem. pkcs12: identity.p12, root-cert.pem.", DefaultValueFactory = _ => Pem };
        format.AcceptOnlyFromAmong(Pem, Pkcs12);
        var password = new Option<string?>("--password-file") { Description = "File with the password of identity.p12, on one line." };
        var lifetime = DurationOption.Create("--ttl", "How long the certificate lives. Nobody renews it.", "24h");
        var type = new Option<WorkloadKeyType>("--key-type") { Description = "Kind of the private key.", DefaultValueFactory = _ => WorkloadKeyType.EcdsaP256 };
        var hosts = new Option<string[]>("--dns-name") { Description = "Host name to put beside the identity, for clients that look at one; may be repeated.", DefaultValueFactory = _ => [] };
        var domain = new Option<string>("--trust-domain") { Description = "Of the mesh.", DefaultValueFactory = _ => TrustDomain };
        var command = new Command(
            "export",
            """
            Write a private key and a certificate for a workload that is not a .NET app: nginx, curl, a Java service.

            With --data the certificate is on record, so that mesh certs revoke --service-account finds it.

            Example: mesh certs export --service-account default/nginx --data run/data --out run/nginx --ttl 720h
            """)
        {
            data, plugged, account, output, format, password, lifetime, type, hosts, domain,
        };
        command.SetAction(parsed =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (parsed.GetRequiredValue(account).Split('/') is not [{ Length: > 0 } ns, { Length: > 0 } name])
            {
                error.WriteLine($"--service-account {parsed.GetRequiredValue(account)} is not of the form NAMESPACE/NAME");
                return ExitCodes.Usage;
            }

            var isPkcs12 = parsed.GetRequiredValue(format) == Pkcs12;
            if (isPkcs12 && parsed.GetValue(password) is null)
            {
                error.WriteLine("--format pkcs12 needs --password-file");
                return ExitCodes.Usage;
            }

            return CertsCommand.Run(parsed.InvocationConfiguration, parsed.GetValue(data), parsed.GetValue(plugged), folder =>
            {
                var ttl = parsed.GetRequiredValue(lifetime);
                var trustDomain = parsed.GetRequiredValue(domain);
                var options = new CertificateAuthorityOptions
                {
                    DataDirectory = parsed.GetValue(data) ?? folder.PathOf(""),
                    KeepsRecord = parsed.GetValue(data) is not null,
                    PluggedInDirectory = folder.PathOf(""),
                    TrustDomain = trustDomain,
                    MaxLifetime = ttl,
                };
                using var authority = MeshCertificateAuthority.Open(options, time, NullLogger<MeshCertificateAuthority>.Instance);
                var exported = ExportedIdentity.Create(
                    authority, IdOf(trustDomain, ns, name), parsed.GetRequiredValue(type), ttl, parsed.GetRequiredValue(hosts));
                var directory = parsed.GetRequiredValue(output);
                if (isPkcs12)
                {
                    exported.WritePkcs12(directory, File.ReadAllText(parsed.GetValue(password)!).Trim());
                }
                else
                {
                    exported.WritePem(directory);
                }

                parsed.InvocationConfiguration.Output.WriteLine($"wrote {exported.Id} to {directory}, valid until {exported.NotAfter:u}");
            });
        });
        return command;
    }

    private static SpiffeId IdOf(string trustDomain, string ns, string name)
    {
        try
        {
            return SpiffeId.ForServiceAccount(trustDomain, ns, name);
        }
        catch (FormatException e)
        {
            throw new SigningRequestException(e.Message, e);
        }
    }
}
