namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Stable codes of configuration problems; docs/errors.md explains each. A code is never given another meaning.</summary>
internal static class ProblemCodes
{
    public const string Syntax = "MESH1001";
    public const string Unreadable = "MESH1002";
    public const string NotAnObject = "MESH1003";
    public const string UnknownKind = "MESH1004";
    public const string UnsupportedKind = "MESH1005";
    public const string SkippedKind = "MESH1006";
    public const string UnknownSubset = "MESH1007";
    public const string UnknownHost = "MESH1008";
    public const string DuplicateObject = "MESH1009";
    public const string InvalidName = "MESH1010";
    public const string UnknownField = "MESH1011";
    public const string UnsupportedField = "MESH1012";
    public const string NotAppliedField = "MESH1013";
    public const string WrongType = "MESH1014";
    public const string Missing = "MESH1015";
    public const string InvalidValue = "MESH1016";
    public const string InvalidRegex = "MESH1017";
    public const string Conflict = "MESH1018";
    public const string DuplicateKey = "MESH1019";
    public const string ServiceNote = "MESH1020";
    public const string TooManyFiles = "MESH1021";
    public const string HeldBack = "MESH1022";

    public const string DestinationRuleHostUnknown = "MESH1030";
    public const string ConflictingVirtualServices = "MESH1031";
    public const string UnreachableRoute = "MESH1032";
    public const string UnknownGateway = "MESH1033";
    public const string UnknownPort = "MESH1034";
    public const string ExternalHostUnknown = "MESH1035";
    public const string IneffectivePeerAuthentication = "MESH1036";
    public const string UnknownDelegate = "MESH1037";

    public const string IneffectiveAuthorization = "MESH1120";
    public const string AuthorizationOfTcp = "MESH1121";
    public const string IneffectiveChaos = "MESH1060";
    public const string EndedChaos = "MESH1061";

    public const string JwtKeysUnknown = "MESH1140";
    public const string JwksInvalid = "MESH1141";
    public const string JwksKeyIgnored = "MESH1142";
    public const string JwtIssuerTwice = "MESH1143";

    public const string RateIntervalOutOfRange = "MESH1160";
    public const string LimitKeyUnclear = "MESH1161";
    public const string RateLimitServiceUnknown = "MESH1162";
    public const string ProviderUnclear = "MESH1163";
    public const string UnknownProvider = "MESH1164";

    public const string HostNotInGateway = "MESH1180";
    public const string ConflictingGateways = "MESH1181";
}
