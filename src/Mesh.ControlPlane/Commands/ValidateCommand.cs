using System.CommandLine;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Sources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary><c>mesh validate DIR</c>: what <c>mesh serve --config DIR</c> would reject, without serving.</summary>
internal static class ValidateCommand
{
    public static Command Create(TimeProvider time)
    {
        var folder = new Argument<string>("dir") { Description = "Folder with the configuration; every *.yaml, *.yml and *.json below it is read." };
        var command = new Command(
            "validate",
            """
            Check configuration files. Exits with 65 when one of them would be rejected.

            Example: mesh validate samples/Bookinfo/mesh
            """)
        {
            folder,
        };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            try
            {
                return Report(ConfigLoader.Load(parsed.GetRequiredValue(folder), new MeshSettings(), time), time.GetUtcNow(), output);
            }
            catch (DirectoryNotFoundException e)
            {
                parsed.InvocationConfiguration.Error.WriteLine(e.Message);
                return ExitCodes.Usage;
            }
        });
        return command;
    }

    private static int Report(ConfigSnapshot snapshot, DateTimeOffset now, TextWriter output)
    {
        foreach (var problem in snapshot.Problems.Concat(ChaosChecks.Ended(snapshot.Objects, now)))
        {
            output.WriteLine(problem.ToString());
        }

        var errors = snapshot.Problems.Count(p => p.Severity == ProblemSeverity.Error);
        var warnings = snapshot.Problems.Count(p => p.Severity == ProblemSeverity.Warning);
        output.WriteLine($"{Count(snapshot.Objects.Length, "object")}, {Count(errors, "error")}, {Count(warnings, "warning")}");
        return errors == 0 ? ExitCodes.Good : ExitCodes.BadData;
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
