namespace ProxylessMesh.Xds.Config;

/// <summary>Stateful sessions (gRFC A55): a cookie says which endpoint a session's requests go to.</summary>
/// <param name="Cookie">Its name.</param>
/// <param name="Path">Requests below it belong to sessions, others do not; <c>/</c>: all.</param>
/// <param name="Ttl">How long the caller keeps the cookie; zero: as long as it likes.</param>
/// <param name="Strict">A session whose endpoint cannot be used gets 503 instead of another endpoint.</param>
internal sealed record SessionConfig(string Cookie, string Path, TimeSpan Ttl, bool Strict);
