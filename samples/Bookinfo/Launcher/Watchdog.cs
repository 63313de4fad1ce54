using System.Diagnostics;
using System.Globalization;

namespace Bookinfo.Launcher;

/// <summary>
/// A process that, when the launcher dies, however it dies, kills the others and removes the run's keys: it learns of that because
/// its standard input closes. So neither the apps nor the control plane need to know that they are children.
/// </summary>
internal sealed class Watchdog(RunDirectory run) : IAsyncDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo(
        DotnetHost.Path, [DotnetHost.Assembly("Bookinfo.dll"), WatchdogRole.Name, run.Root])
    {
        RedirectStandardInput = true,
    }) ?? throw new LaunchException("The watchdog did not start.");

    public void Add(int processId) => Send('+', processId);

    public void Remove(int processId) => Send('-', processId);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Send(char verb, int processId)
    {
        lock (_process)
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verb}{processId}"));
            _process.StandardInput.Flush();
        }
    }
}
