using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
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
        var labels = new Option<string[]>("--label")
        {
            Description = "Binds the service account: its workloads may have this label, as NAME=VALUE (* for any value), and none that is not named so; may be repeated.",
            DefaultValueFactory = _ => [],
        };
        labels.Validators.Add(BindingArguments.CheckLabels);
        var workloads = new Option<string[]>("--workload") { Description = "Binds the service account: its workloads may have this name; may be repeated.", DefaultValueFactory = _ => [] };
        var create = new Command(
            "create",
            """
            Print a join token on one line. Whoever has it can join the mesh as that service account.

            With --label or --workload the account is bound to them for good, whatever it proves itself by later.

            Example: mesh token create --service-account default/bookinfo-reviews --label app=reviews --label version=* --data run/data > run/reviews.token
            """)
        {
            account,
            data,
            lifetime,
            once,
            labels,
            workloads,
        };
        create.SetAction(parsed => Print(
            parsed.GetRequiredValue(account),
            parsed.GetRequiredValue(data),
            parsed.GetRequiredValue(lifetime),
            parsed.GetValue(once),
            BindingArguments.Read(parsed.GetRequiredValue(labels), parsed.GetRequiredValue(workloads)),
            time,
            parsed.InvocationConfiguration));
        return new Command("token", "Join tokens of workloads. Example: mesh token create --service-account default/web --data run/data") { create };
    }

    private static int Print(string account, string data, string ttl, bool once, WorkloadBinding? binding, TimeProvider time, InvocationConfiguration configuration)
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
            var token = JoinTokens.Open(data, time).Create(ns, name, lifetime, once);
            if (binding is not null)
            {
                new WorkloadBindings(new DataDirectory(data)).Bind(account, binding);
            }

            configuration.Output.WriteLine(token);
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
