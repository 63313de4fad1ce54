using System.CommandLine;
using ProxylessMesh.ControlPlane.CertificateAuthority;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh certs rotate-root prepare|activate|finish</c>.</summary>
internal static class CertsRotateRootCommand
{
    private static readonly TimeSpan s_rootLifetime = TimeSpan.FromDays(3650);

    public static Command Create(TimeProvider time) => new(
        "rotate-root",
        """
        Replace the root that the mesh made for itself, in three steps: prepare, activate, finish. Running workloads follow.

        Example: mesh certs rotate-root prepare --data run/data
        """)
    {
        Step("prepare", "Make a new root, and let workloads trust it besides the present one.", time, (rollover, _, _) =>
        {
            using var root = rollover.Prepare(s_rootLifetime);
            return $"the new root {root.SerialNumber} is being distributed. Copy root-cert.pem to where Mesh:RootCertificateFile is read, then: mesh certs rotate-root activate";
        }),
        Step("activate", "Sign with the new root. Workloads renew their certificates within seconds.", time, (rollover, _, _) =>
        {
            rollover.Activate();
            return "the new root signs as soon as every connected workload trusts it (event 4320). When no certificate of the old one is in use: mesh certs rotate-root finish";
        }),
        Step("finish", "End the trust in the old root.", time, (rollover, longest, force) =>
        {
            rollover.Finish(longest, force);
            return "the old root is no longer trusted";
        }),
    };

    private static Command Step(string name, string description, TimeProvider time, Func<RootRollover, TimeSpan, bool, string> step)
    {
        var data = new Option<string>("--data") { Description = "The data folder of the control plane.", Required = true };
        var longest = DurationOption.Create("--max-certificate-ttl", "What mesh serve was told.", "24h");
        var force = new Option<bool>("--force") { Description = "Even though certificates of the old root may be in use." };
        var command = new Command(name, $"{description}\n\nExample: mesh certs rotate-root {name} --data run/data") { data };
        if (name == "finish")
        {
            command.Add(longest);
            command.Add(force);
        }

        command.SetAction(parsed => CertsCommand.Run(
            parsed.InvocationConfiguration,
            parsed.GetRequiredValue(data),
            null,
            folder => parsed.InvocationConfiguration.Output.WriteLine(
                step(new RootRollover(folder, time), name == "finish" ? parsed.GetRequiredValue(longest) : default, name == "finish" && parsed.GetRequiredValue(force)))));
        return command;
    }
}
