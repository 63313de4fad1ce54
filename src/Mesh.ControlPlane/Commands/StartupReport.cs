using System.Globalization;
using System.Net;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Serving;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>What <c>mesh serve</c> prints once: where it listens, what it watches, what it holds and what it rejected.</summary>
internal static class StartupReport
{
    private const int MaxFiles = 20;
    private const int MaxObjects = 10;

    public static async Task WriteAsync(TextWriter output, ControlPlaneServer server, ControlPlaneOptions options, DateTimeOffset now)
    {
        var config = server.Config;
        var kinds = config.Objects.GroupBy(o => o.Meta.Id.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}");
        var held = config.Objects.IsEmpty ? "no objects yet" : string.Join(", ", kinds);
        var reach = server.XdsEndPoint is { } xds && !IPAddress.IsLoopback(xds.Address) ? "plaintext, OPEN TO OTHER MACHINES" : "plaintext, loopback only";
        string[] lines =
        [
            server.XdsEndPoint is null ? "xds      off" : $"xds      http://{server.XdsEndPoint} ({reach})",
            $"secure   https://{server.SecureEndPoint} (xDS and certificates; trust {Path.Combine(options.DataDirectory, "root-cert.pem")})",
            $"config   {options.ConfigDirectory} (watched): {held}",
            server.AdminEndPoint is { } admin ? $"admin    http://{admin} ({(IPAddress.IsLoopback(admin.Address) ? "loopback only" : "OPEN TO OTHER MACHINES")})"
                : options.AdminAddress is { } busy ? $"admin    off: {busy} is in use"
                : "admin    off",
        ];
        var chaos = config.Objects.OfType<ChaosExperiment>().Where(e => e.IsActiveAt(now))
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"chaos    {e.Meta.Id.Namespace}/{e.Meta.Id.Name}: faults for {string.Join(", ", e.Hosts)} until {e.Expires:u}"));
        foreach (var line in lines.Concat(chaos).Concat(Kept(server.Restored)))
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
        }

        var rejected = config.Problems.Count(p => p.Severity == ProblemSeverity.Error);
        if (rejected > 0)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"rejected {rejected}:")).ConfigureAwait(false);
        }

        foreach (var problem in config.Problems.Where(p => p.Severity != ProblemSeverity.Information).Concat(ChaosChecks.Ended(config.Objects, now)))
        {
            await output.WriteLineAsync(problem.ToString()).ConfigureAwait(false);
        }

        await output.FlushAsync().ConfigureAwait(false);
    }

    private static IEnumerable<string> Kept(IReadOnlyCollection<MeshObject> restored) =>
        from file in restored.GroupBy(o => o.Meta.Position.File).OrderBy(g => g.Key, StringComparer.Ordinal).Take(MaxFiles)
        let some = string.Join(", ", file.Take(MaxObjects).Select(o => o.Meta.Id))
        let more = file.Count() > MaxObjects ? string.Create(CultureInfo.InvariantCulture, $" and {file.Count() - MaxObjects} more") : ""
        select $"kept     of {file.Key}, as before the restart: {some}{more}";
}
