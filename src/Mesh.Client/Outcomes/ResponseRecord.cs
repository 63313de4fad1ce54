namespace ProxylessMesh.Client.Outcomes;

/// <summary>What is done when a response ended, or was dropped. Several of one response form a chain.</summary>
internal abstract class ResponseRecord
{
    /// <summary>The one that was there before.</summary>
    public ResponseRecord? Next { get; set; }

    /// <param name="flags">Of the call.</param>
    public abstract void End(ResponseFlags flags);
}
