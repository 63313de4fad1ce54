namespace ProxylessMesh.Benchmarks.Soak;

/// <summary><c>soak</c>: minutes of load while certificates rotate. Exit code 0: no request failed.</summary>
internal static class SoakCommand
{
    public const string Name = "soak";

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        if (SoakOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync($"usage: {SoakOptions.Usage}");
            return 64;
        }

        var failed = await new RotationSoak(options, output).RunAsync();
        if (options.Away > 0)
        {
            failed += await new OutageSoak(options, output).RunAsync();
        }

        await output.WriteLineAsync(failed == 0 ? "soak passed" : "soak FAILED");
        return failed == 0 ? 0 : 1;
    }
}
