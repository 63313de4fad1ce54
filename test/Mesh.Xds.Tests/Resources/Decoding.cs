using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Resources;

/// <summary>Runs a decoder as the ADS client does: from bytes.</summary>
internal static class Decoding
{
    public static T Decode<T>(ResourceKind<T> kind, IMessage message)
        where T : class
    {
        var result = kind.Decode(message.ToByteString());
        Assert.Empty(result.Errors);
        return Assert.IsAssignableFrom<T>(result.Value);
    }

    public static IReadOnlyList<string> Errors<T>(ResourceKind<T> kind, IMessage message)
        where T : class
    {
        var result = kind.Decode(message.ToByteString());
        Assert.Null(result.Value);
        Assert.NotEmpty(result.Errors);
        return result.Errors;
    }

    /// <summary>The one error of a message that is otherwise right: at this path, and saying this.</summary>
    public static void AssertError<T>(ResourceKind<T> kind, IMessage message, string expected)
        where T : class
        => Assert.StartsWith(expected, Assert.Single(Errors(kind, message)), StringComparison.Ordinal);

    public static Any Packed(IMessage message) => Any.Pack(message);

    public static Duration Seconds(double seconds) => Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
}
