namespace ProxylessMesh.Xds.Jose;

/// <summary>Why a token is not accepted.</summary>
internal enum JwtFailure
{
    /// <summary>It is.</summary>
    None,

    /// <summary>There is no token.</summary>
    Missing,

    /// <summary>More than <see cref="JsonWebToken.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>Not three parts of base64url.</summary>
    Malformed,

    /// <summary>The header is no JSON object as JOSE wants it.</summary>
    BadHeader,

    /// <summary>None, HMAC, or one that is not known.</summary>
    UnsupportedAlgorithm,

    /// <summary>The header says that something must be understood which is not (crit, b64).</summary>
    UnsupportedExtension,

    /// <summary>The payload is no JSON object as JWT wants it, or a registered claim has the wrong type.</summary>
    BadPayload,

    /// <summary>No key of the set has its id and suits its algorithm.</summary>
    UnknownKey,

    /// <summary>The signature is not that of the key.</summary>
    WrongSignature,

    /// <summary>The issuer's keys are not known.</summary>
    NoKeys,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not come.</summary>
    NotYetValid,

    /// <summary>It has no end, or one that is too far.</summary>
    LivesTooLong,

    /// <summary>Nobody knows its issuer.</summary>
    UnknownIssuer,

    /// <summary>It is meant for somebody else.</summary>
    WrongAudience,

    /// <summary>Its subject is not one that is accepted.</summary>
    WrongSubject,
}
