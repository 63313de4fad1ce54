namespace ProxylessMesh.Server.Jwt;

/// <summary>Looks at the tokens of a request, one after the other.</summary>
internal interface ITokenVisitor
{
    /// <summary>False: the others need not be looked at.</summary>
    bool Visit(ReadOnlySpan<char> token);
}
