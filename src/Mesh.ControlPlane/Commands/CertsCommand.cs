using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh certs</c>: the certificate authority's files, and what it has issued.</summary>
internal static class CertsCommand
{
    public static Command Create(TimeProvider time) => new("certs", "The certificate authority. Example: mesh certs show --data run/data")
    {
        CertsShowCommand.Create(),
        CertsExportCommand.Create(time),
        CertsRevokeCommand.Create(time),
        CertsRotateRootCommand.Create(time),
    };

    /// <summary>The folder of the authority, by either name.</summary>
    public static (Option<string?> Data, Option<string?> Plugged) AuthorityOptions() => (
        new Option<string?>("--data") { Description = "The data folder of the control plane." },
        new Option<string?>("--ca-certs") { Description = "The folder of your own certificate authority, if the control plane has one." });

    /// <summary>Runs what works on the folder, and says what is wrong with it in one line.</summary>
    public static int Run(InvocationConfiguration configuration, string? data, string? plugged, Action<DataDirectory> work)
    {
        if ((plugged ?? data) is not { } folder)
        {
            configuration.Error.WriteLine("Say where the authority is: --data or --ca-certs");
            return ExitCodes.Usage;
        }

        try
        {
            work(DataDirectory.Of(folder));
            return ExitCodes.Good;
        }
        catch (Exception e) when (e is CertificateAuthorityException or SigningRequestException or System.Security.Cryptography.CryptographicException)
        {
            configuration.Error.WriteLine(e.Message);
            return ExitCodes.BadData;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            configuration.Error.WriteLine(e.Message);
            return ExitCodes.Failed;
        }
    }
}
