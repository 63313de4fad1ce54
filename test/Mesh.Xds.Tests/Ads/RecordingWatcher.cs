using System.Threading.Channels;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>Writes down what it hears: the value's text, <c>missing Kind</c>, <c>ambient Kind</c>.</summary>
internal sealed class RecordingWatcher : IResourceWatcher<Note>
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public ResourceError? LastError { get; private set; }

    /// <summary>Nothing is left that <see cref="NextAsync"/> would return.</summary>
    public bool IsQuiet => !_events.Reader.TryPeek(out _);

    public async Task<string> NextAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void OnChanged(Note resource) => _events.Writer.TryWrite(resource.Text);

    public void OnMissing(ResourceError error)
    {
        LastError = error;
        _events.Writer.TryWrite($"missing {error.Kind}");
    }

    public void OnAmbientError(ResourceError error)
    {
        LastError = error;
        _events.Writer.TryWrite($"ambient {error.Kind}");
    }
}
