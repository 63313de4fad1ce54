namespace ProxylessMesh.Xds.Jose;

/// <summary>Failures in the words that users of Envoy know, where it has words. They tell nothing of the token's content.</summary>
internal static class JwtFailureText
{
    public static string Of(JwtFailure failure) => failure switch
    {
        JwtFailure.None => "Jwt is valid",
        JwtFailure.Missing => "Jwt is missing",
        JwtFailure.TooLong => "Jwt is too long",
        JwtFailure.Malformed => "Jwt is not three parts of base64url with two dots",
        JwtFailure.BadHeader => "Jwt header is not a JSON object with a valid alg",
        JwtFailure.UnsupportedAlgorithm => "Jwt header alg is not supported",
        JwtFailure.UnsupportedExtension => "Jwt header has a critical extension that is not supported",
        JwtFailure.BadPayload => "Jwt payload is not a JSON object with valid claims",
        JwtFailure.UnknownKey => "Jwks doesn't have a key for the kid and alg of the Jwt",
        JwtFailure.WrongSignature => "Jwt verification fails",
        JwtFailure.NoKeys => "Jwks of the issuer could not be fetched",
        JwtFailure.Expired => "Jwt is expired",
        JwtFailure.NotYetValid => "Jwt not yet valid",
        JwtFailure.LivesTooLong => "Jwt has no expiry or lives too long",
        JwtFailure.UnknownIssuer => "Jwt issuer is not configured",
        JwtFailure.WrongAudience => "Audiences in Jwt are not allowed",
        JwtFailure.WrongSubject => "Subject in Jwt is not allowed",
        _ => "Jwt is not valid",
    };
}
