using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh token create</c>: lets a workload prove who it is before it has a certificate.</summary>
internal static class TokenCommand
{
    public static Command Create(TimeProvider time)
    {
        var account = new Option<string>("--service-account") { Description = "Whom the token proves its holder to be, as NAMESPACE/NAME.", Required = true };
        var data = new Option<string>("--data") { Description = "The data folder of the control plane that will see the token.", Required = true };
        var lifetime = new Option<string>("--ttl") { Description = "How long it can be used to join: 1s to 8784h.", DefaultValueFactory = _ => "1h" };
        var once = new Option<bool>("--single-use") { Description = "Good for one certificate; the workload then renews with that. Keep its StateDirectory: a restart without it needs another token." };
        var create = new Command(
            "create",
            """
            Print a join token on one line. Whoever has it can join the mesh as that service account.

            Example: mesh token create --service-account default/bookinfo-reviews --data run/data > run/reviews.token
            """)
        {
            account,
            data,
            lifetime,
            once,
        };
        create.SetAction(parsed => Print(
            parsed.GetRequiredValue(account),
            parsed.GetRequiredValue(data),
            parsed.GetRequiredValue(lifetime),
            parsed.GetValue(once),
            time,
            parsed.InvocationConfiguration));
        return new Command("token", "Join tokens of workloads. Example: mesh token create --service-account default/web --data run/data") { create };
    }

    private static int Print(string account, string data, string ttl, bool once, TimeProvider time, InvocationConfiguration configuration)
    {
        if (account.Split('/') is not [{ Length: > 0 } ns, { Length: > 0 } name])
        {
            configuration.Error.WriteLine($"--service-account {account} is not of the form NAMESPACE/NAME");
            return ExitCodes.Usage;
        }

        if (!GoDuration.TryParse(ttl, out var lifetime))
        {
            configuration.Error.WriteLine($"--ttl {ttl} is no duration: write 30m or 1h30m");
            return ExitCodes.Usage;
        }

        try
        {
            configuration.Output.WriteLine(JoinTokens.Open(data, time).Create(ns, name, lifetime, once));
            return ExitCodes.Good;
        }
        catch (ArgumentException e)
        {
            configuration.Error.WriteLine(e.Message);
            return ExitCodes.Usage;
        }
        catch (CertificateAuthorityException e)
        {
            configuration.Error.WriteLine(e.Message);
            return ExitCodes.BadData;
        }
    }
}
