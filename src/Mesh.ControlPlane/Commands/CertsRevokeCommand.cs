using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh certs revoke</c>: puts a certificate on the authority's revocation list.</summary>
internal static class CertsRevokeCommand
{
    public static Command Create(TimeProvider time)
    {
        var (data, plugged) = CertsCommand.AuthorityOptions();
        var file = new Option<string>("--certificate") { Description = "The certificate in PEM; of a chain the first.", Required = true };
        var command = new Command(
            "revoke",
            """
            Refuse a certificate from now on, everywhere in the mesh. A join token of the same account still works: end that too.

            Example: mesh certs revoke --certificate run/reviews/identity/cert-chain.pem --data run/data
            """)
        {
            data,
            plugged,
            file,
        };
        command.SetAction(parsed => CertsCommand.Run(
            parsed.InvocationConfiguration,
            parsed.GetValue(data),
            parsed.GetValue(plugged),
            folder =>
            {
                var certificate = PemCertificates.Read(File.ReadAllText(parsed.GetRequiredValue(file)))[0];
                new Revocations(folder, time).Add(certificate);
                parsed.InvocationConfiguration.Output.WriteLine($"revoked {certificate.SerialNumber} in {folder.PathOf(SigningKeyReader.RevocationFile)}");
            }));
        return command;
    }
}
