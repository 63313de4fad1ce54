using System.Net.Http.Json;

namespace ProxylessMesh.Client.Retries;

/// <summary>
/// Which bodies can be sent a second time: those that lie in memory, or were kept as they were sent. Any other stream is gone once it
/// was read.
/// </summary>
internal static class Replay
{
    public static bool IsPossible(HttpContent? content) => IsRepeatable(content) || content is ReplayContent { CanSendAgain: true };

    /// <summary>Whether it may be sent as often as one likes, several times at once too.</summary>
    public static bool IsRepeatable(HttpContent? content) => IsInMemory(content) || content is JsonContent;

    /// <summary>Whether it can be sent without running code of the app, which might fail.</summary>
    public static bool IsInMemory(HttpContent? content) => content is null or ByteArrayContent or ReadOnlyMemoryContent;

    /// <summary>After a failed connect even a stream has not been read yet.</summary>
    public static bool IsPossible(HttpContent? content, AttemptOutcome outcome) =>
        outcome == AttemptOutcome.ConnectFailure || IsPossible(content);
}
