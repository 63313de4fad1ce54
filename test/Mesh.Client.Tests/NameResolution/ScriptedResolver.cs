using System.Threading.Channels;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.NameResolution;

/// <summary>Each look-up waits for the test's answer.</summary>
internal sealed class ScriptedResolver : INameResolver
{
    private readonly Channel<TaskCompletionSource<NameAnswer>> _asked = Channel.CreateUnbounded<TaskCompletionSource<NameAnswer>>();

    public bool IsAsked => _asked.Reader.TryPeek(out _);

    public Task<NameAnswer> ResolveAsync(string name, DnsLookupFamily family, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<NameAnswer>();
        _asked.Writer.TryWrite(answer);
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for the next look-up and answers it; what follows from that has happened when this returns.</summary>
    public async Task AnswerAsync(NameAnswer answer) => (await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).SetResult(answer);
}
