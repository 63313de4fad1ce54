using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh certs show</c>: one line for each certificate of the authority, or of a file.</summary>
internal static class CertsShowCommand
{
    public static Command Create()
    {
        var (data, plugged) = CertsCommand.AuthorityOptions();
        var file = new Option<string?>("--file") { Description = "Certificates in PEM; in place of the authority's." };
        var command = new Command(
            "show",
            """
            Print what is in a certificate: whom it names, its serial number, validity and fingerprint.

            Example: mesh certs show --file run/reviews/identity/cert-chain.pem
            """)
        {
            data,
            plugged,
            file,
        };
        command.SetAction(parsed => parsed.GetValue(file) is { } path
            ? CertsCommand.Run(
                parsed.InvocationConfiguration, ".", null, _ => Print(parsed.InvocationConfiguration.Output, Path.GetFileName(path), PemCertificates.Read(File.ReadAllText(path)), heading: true))
            : CertsCommand.Run(
                parsed.InvocationConfiguration, parsed.GetValue(data), parsed.GetValue(plugged), folder => PrintAuthority(parsed.InvocationConfiguration.Output, folder)));
        return command;
    }

    private static void PrintAuthority(TextWriter output, DataDirectory folder)
    {
        var heading = true;
        foreach (var name in (string[])[SigningKeyReader.CertificateFile, SigningKeyReader.ChainFile, SigningKeyReader.RootFile])
        {
            if (folder.Has(name))
            {
                Print(output, name, PemCertificates.Read(folder.Read(name)), heading);
                heading = false;
            }
        }
    }

    private static void Print(TextWriter output, string file, X509Certificate2Collection certificates, bool heading)
    {
        const string Row = "{0,-16} {1,-56} {2,-42} {3,-20} {4,-20} {5}";
        if (heading)
        {
            output.WriteLine(string.Format(CultureInfo.InvariantCulture, Row, "FILE", "SUBJECT", "SERIAL", "NOT BEFORE", "NOT AFTER", "SHA-256"));
        }

        foreach (var certificate in certificates)
        {
            output.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                Row,
                file,
                PeerVerifier.SpiffeIdOf(certificate, out _)?.ToString() ?? certificate.Subject,
                certificate.SerialNumber,
                $"{certificate.NotBefore.ToUniversalTime():u}",
                $"{certificate.NotAfter.ToUniversalTime():u}",
                certificate.GetCertHashString(HashAlgorithmName.SHA256)));
        }
    }
}
