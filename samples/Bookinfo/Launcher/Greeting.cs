using System.Globalization;

namespace Bookinfo.Launcher;

/// <summary>Says where everything is and what to try.</summary>
internal static class Greeting
{
    public static async Task PrintAsync(BookinfoProcesses bookinfo, CancellationToken cancellationToken)
    {
        Console.WriteLine($"productpage    {bookinfo.ProductPage}productpage");
        Console.WriteLine($"control plane  {bookinfo.ControlPlane.Address}  (what it rejects: {bookinfo.Run.Log("control-plane")})");
        Console.WriteLine($"configuration  {Path.Combine(bookinfo.ControlPlane.MeshFolder, "*.yaml")}  (edit reviews.yaml and watch the split)");
        Console.WriteLine($"logs and keys  {bookinfo.Run.Root}");
        Console.WriteLine($"console app    env $(cat {await WriteConsoleEnvironmentAsync(bookinfo, cancellationToken)}) dotnet run --project samples/Console");
        Console.WriteLine("workloads      " + string.Join(", ", bookinfo.Workloads.Values.Select(
            w => string.Create(CultureInfo.InvariantCulture, $"{w.Spec.Name} :{w.Port} (pid {w.Process.Id})"))));
        Console.WriteLine();
    }

    private static async Task<string> WriteConsoleEnvironmentAsync(BookinfoProcesses bookinfo, CancellationToken cancellationToken)
    {
        var file = Path.Combine(bookinfo.Run.Root, "console.env");
        var variables = Workload.MeshEnvironment(BookinfoProcesses.ConsoleAccount, bookinfo.ControlPlane, bookinfo.Run);
        await File.WriteAllLinesAsync(file, variables.Select(v => $"{v.Key}={v.Value}"), cancellationToken);
        return file;
    }
}
