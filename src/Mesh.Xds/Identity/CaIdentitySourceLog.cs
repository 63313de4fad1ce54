using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Identity;

/// <content>Events 1400 to 1409, 1450 and 1451.</content>
internal sealed partial class CaIdentitySource
{
    private static partial class Log
    {
        [LoggerMessage(1400, LogLevel.Information, "Certificate of {Id} issued, valid until {NotAfter:u}")]
        public static partial void Issued(ILogger logger, SpiffeId id, DateTimeOffset notAfter);

        [LoggerMessage(1401, LogLevel.Information, "Certificate of {Id} taken from disk, valid until {NotAfter:u}")]
        public static partial void Restored(ILogger logger, SpiffeId id, DateTimeOffset notAfter);

        [LoggerMessage(1402, LogLevel.Warning, "Certificate of {Id} could not be renewed (try {Tries}), it is valid until {NotAfter:u}: {Reason}")]
        public static partial void RotationFailed(ILogger logger, SpiffeId id, DateTimeOffset notAfter, int tries, string reason);

        [LoggerMessage(1403, LogLevel.Error, "Certificate of {Id} expires at {NotAfter:u} and cannot be renewed (try {Tries}): {Reason}")]
        public static partial void NearsExpiry(ILogger logger, SpiffeId id, DateTimeOffset notAfter, int tries, string reason);

        [LoggerMessage(1404, LogLevel.Warning, "No certificate yet (try {Tries}), so there is no mutual TLS: {Reason}")]
        public static partial void NoCertificate(ILogger logger, int tries, string reason);

        [LoggerMessage(1405, LogLevel.Critical, "Certificate of {Id} expired at {NotAfter:u}; mutual TLS fails until the certificate authority answers")]
        public static partial void Expired(ILogger logger, SpiffeId id, DateTimeOffset notAfter);

        [LoggerMessage(1406, LogLevel.Warning, "The saved certificate of {Id} is not used: {Reason}")]
        public static partial void SavedIsForeign(ILogger logger, SpiffeId id, string reason);

        [LoggerMessage(1408, LogLevel.Warning, "No saved certificate is used, because the configured roots cannot be read: {Reason}")]
        public static partial void RootsUnreadable(ILogger logger, string reason);

        [LoggerMessage(1407, LogLevel.Error, "A subscriber of certificate changes failed")]
        public static partial void SubscriberFailed(ILogger logger, Exception exception);

        [LoggerMessage(1450, LogLevel.Information, "The control plane's roots are in force: {Roots} roots, {Lists} revocation lists")]
        public static partial void TrustReplaced(ILogger logger, int roots, int lists);

        [LoggerMessage(1451, LogLevel.Information, "The authority signs with another root, so the certificate of {Id} is renewed at {At:u}")]
        public static partial void RootChanged(ILogger logger, SpiffeId id, DateTimeOffset at);
    }
}
