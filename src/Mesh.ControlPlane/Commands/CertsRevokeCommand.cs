using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh certs revoke</c>: puts a certificate, or all that an account has, on the authority's revocation list.</summary>
internal static class CertsRevokeCommand
{
    public static Command Create(TimeProvider time)
    {
        var (data, plugged) = CertsCommand.AuthorityOptions();
        var file = new Option<string?>("--certificate") { Description = "The certificate in PEM; of a chain the first." };
        var account = new Option<string?>("--service-account")
        {
            Description = "All that this account has, NAMESPACE/NAME: no token of it is taken any more, its certificates are refused and not renewed. Needs --data.",
        };
        var command = new Command(
            "revoke",
            """
            Refuse a certificate, or a whole service account, from now on and everywhere in the mesh.

            Example: mesh certs revoke --service-account default/bookinfo-reviews --data run/data
            """)
        {
            data,
            plugged,
            file,
            account,
        };
        command.SetAction(parsed =>
        {
            if ((parsed.GetValue(file) is null) == (parsed.GetValue(account) is null))
            {
                parsed.InvocationConfiguration.Error.WriteLine("Say what to revoke: --certificate or --service-account");
                return ExitCodes.Usage;
            }

            if (parsed.GetValue(account) is not null && parsed.GetValue(data) is null)
            {
                parsed.InvocationConfiguration.Error.WriteLine("--service-account needs --data: the control plane's records are there");
                return ExitCodes.Usage;
            }

            return CertsCommand.Run(parsed.InvocationConfiguration, parsed.GetValue(data), parsed.GetValue(plugged), folder =>
            {
                var list = new Revocations(folder, time);
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(account) is { } name)
                {
                    output.WriteLine(RevokeAccount(name, new DataDirectory(parsed.GetValue(data)!), list, time));
                }
                else
                {
                    var certificate = PemCertificates.Read(File.ReadAllText(parsed.GetValue(file)!))[0];
                    list.Add(certificate);
                    output.WriteLine($"revoked {certificate.SerialNumber} in {folder.PathOf(SigningKeyReader.RevocationFile)}");
                }
            });
        });
        return command;
    }

    // The ban first: what a control plane issues after it is not handed out, and what it issued before it is on record.
    private static string RevokeAccount(string account, DataDirectory data, Revocations list, TimeProvider time)
    {
        new DeniedAccounts(data).Add(account);
        using var issued = new IssuedCertificates(data.PathOf(""), time);
        var serials = issued.Of(account);
        list.Add(serials);
        return $"revoked {account} in {data.PathOf(DeniedAccounts.FileName)}, and {serials.Count} of its certificates";
    }
}
