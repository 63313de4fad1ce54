using System.Buffers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Names of headers from which tokens come and into which claims go.</summary>
internal static class JwtHeaderNames
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> OutputCharacters = SearchValues.Create("-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>RFC 9110, section 5.6.2.</summary>
    public static string Check(YamlObject owner, string field, string name) =>
        Check(owner, field, name, TokenCharacters, "letters, digits and !#$%&'*+-.^_`|~");

    /// <summary>Istio's pattern for the headers that it makes.</summary>
    public static string CheckOutput(YamlObject owner, string field, string name) =>
        Check(owner, field, name, OutputCharacters, "letters, digits, - and _");

    private static string Check(YamlObject owner, string field, string name, SearchValues<char> characters, string hint)
    {
        if (name.AsSpan().ContainsAnyExcept(characters))
        {
            owner.Problems.Error(owner.PositionOf(field), ProblemCodes.InvalidName, $"{owner.PathOf(field)}: {Quoted.Of(name)} is not the name of a header", hint);
        }

        return name;
    }
}
