using System.Globalization;

namespace Bookinfo.Launcher;

/// <summary>A workload that runs.</summary>
internal sealed record Workload(WorkloadSpec Spec, int Port, ChildProcess Process)
{
    /// <summary>Starts it; all that it learns of the mesh is configuration.</summary>
    public static Workload Start(WorkloadSpec spec, int port, ControlPlane controlPlane, RunDirectory run, Watchdog watchdog)
    {
        KeyValuePair<string, string>[] environment =
        [
            new("ASPNETCORE_URLS", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            .. MeshEnvironment(spec.ServiceAccount, controlPlane, run),
            new("Mesh__Workload__Name", spec.Name),
            new("Mesh__Workload__Labels__app", spec.App),
            new("Mesh__Workload__Labels__version", spec.Version),
            new("Mesh__StateDirectory", run.State(spec.Name)),
            new("Mesh__PropagateHeaders__0", "end-user"),
        ];
        var process = ChildProcess.Start(
            spec.Name, [DotnetHost.Assembly("Bookinfo.dll"), spec.App], environment, AppContext.BaseDirectory, run.Log(spec.Name), watchdog);
        return new Workload(spec, port, process);
    }

    /// <summary>What any app needs to join this mesh.</summary>
    public static IEnumerable<KeyValuePair<string, string>> MeshEnvironment(string serviceAccount, ControlPlane controlPlane, RunDirectory run) =>
    [
        new("Mesh__ControlPlane", controlPlane.Address),
        new("Mesh__RootCertificateFile", run.RootCertificate),
        new("Mesh__TokenFile", run.Token(serviceAccount)),
        new("Mesh__Workload__ServiceAccount", serviceAccount),
    ];
}
