using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary><c>scale</c>: a control plane with thousands of clients.</summary>
internal static class ScaleCommand
{
    public const string Name = "scale";

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        if (ScaleOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync($"usage: {ScaleOptions.Usage}");
            return 64;
        }

        var verdicts = new List<Verdict>();
        var all = options.Part == "all";
        if (all || options.Part == "change")
        {
            verdicts.AddRange(ChangeScale.Run(options, output));
        }

        if (all || options.Part == "reconnect")
        {
            verdicts.AddRange(ReconnectScale.Run(options, output));
        }

        if (all || options.Part == "delta")
        {
            verdicts.AddRange(DeltaScale.Run(options, output));
        }

        if (all || options.Part == "memory")
        {
            verdicts.AddRange(MemoryScale.Run(options, output));
        }

        verdicts.ForEach(output.WriteLine);
        return 0;
    }
}
