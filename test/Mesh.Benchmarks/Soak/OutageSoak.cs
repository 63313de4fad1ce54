using System.Globalization;

namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>
/// The control plane, and with it the authority, is away for longer than certificates live: no request may fail until the first
/// of them expires, the alarm must have sounded by then, and all must be well again when the authority is back.
/// </summary>
internal sealed class OutageSoak(SoakOptions options, TextWriter output)
{
    private const int Issued = 1400;
    private const int Alarm = 1403;

    /// <returns>How many requests failed too early, and one more if there was no alarm.</returns>
    public async Task<int> RunAsync()
    {
        var away = TimeSpan.FromSeconds(options.Away);
        await using var mesh = await SoakMesh.StartAsync(away * 0.9);
        await Wait.UntilAsync(async () => (await mesh.Http.GetAsync(new Uri(SoakMesh.Url))).IsSuccessStatusCode, "the first answer");
        await using var load = new SteadyLoad(mesh.Http, options.Rate);
        await mesh.StopControlPlaneAsync();
        var begun = TimeProvider.System.GetUtcNow();

        // A second early, because a handshake looks at whole seconds.
        await Task.Delay(mesh.FirstExpiry - begun - TimeSpan.FromSeconds(1), TimeProvider.System);
        var failed = load.Failed;
        var alarm = mesh.Events.FirstOf(Alarm);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"authority away, until the first certificate expires after {(mesh.FirstExpiry - begun).TotalSeconds:0} s: {load}; alarm 1403 {(alarm is null ? "never" : $"after {(alarm.Value - begun).TotalSeconds:0} s")}"));
        foreach (var failure in load.Failures)
        {
            await output.WriteLineAsync($"  {failure}");
        }

        var left = begun + away - TimeProvider.System.GetUtcNow();
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
        var issued = mesh.Events.Of(Issued);
        await mesh.StartControlPlaneAsync();
        var back = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(() => mesh.Events.Of(Issued) > issued, "a new certificate", TimeSpan.FromSeconds(90));
        var last = -1;
        await Wait.UntilAsync(
            async () =>
            {
                var before = last;
                last = load.Failed;
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
                return before == last && load.Failed == last;
            },
            "an end of failures",
            TimeSpan.FromSeconds(120));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"authority back: no failure any more within {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0} s; {load.Failed - failed} while certificates had expired"));
        return failed + (alarm is null ? 1 : 0);
    }
}
