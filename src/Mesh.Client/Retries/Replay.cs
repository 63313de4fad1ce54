using System.Net.Http.Json;

namespace ProxylessMesh.Client.Retries;

/// <summary>
/// Which bodies can be sent a second time: those that lie in memory, or were kept as they were sent. Any other stream is gone once it
/// was read.
/// </summary>
internal static class Replay
{
    public static bool IsPossible(HttpContent? content) =>
        content is null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent or ReplayContent { CanSendAgain: true };

    /// <summary>After a failed connect even a stream has not been read yet.</summary>
    public static bool IsPossible(HttpContent? content, AttemptOutcome outcome) =>
        outcome == AttemptOutcome.ConnectFailure || IsPossible(content);
}
