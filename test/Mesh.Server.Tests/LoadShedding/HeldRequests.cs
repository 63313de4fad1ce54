using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;

namespace ProxylessMesh.Server.Tests.LoadShedding;

/// <summary>An endpoint whose requests stay in service until the test lets them go.</summary>
internal sealed class HeldRequests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _entered = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Map(WebApplication app) => app.MapGet("/held", (CancellationToken aborted) => HoldAsync(aborted));

    public async Task<string> HoldAsync(CancellationToken cancellationToken)
    {
        _entered.Writer.TryWrite(true);
        await _release.Task.WaitAsync(cancellationToken);
        return "served";
    }

    /// <summary>Completes once one more is in service.</summary>
    public async Task EnteredAsync() => await _entered.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public void Release() => _release.SetResult();
}
