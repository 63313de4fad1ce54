using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.Xds.Resources;

/// <summary>Reads what an Any holds. Types go by their names (<see cref="TypeNames"/>).</summary>
internal static class TypedConfig
{
    public static bool Is(Any? any, string type) =>
        any is not null && Any.GetTypeName(any.TypeUrl) == type;

    /// <summary>The message, or null with an error at <paramref name="field"/>.</summary>
    public static T? Unpack<T>(Any? any, string type, MessageParser<T> parser, string field, DecodeContext context)
        where T : class, IMessage<T>
    {
        if (any is null)
        {
            context.Error(field, "is missing");
            return null;
        }

        if (!Is(any, type))
        {
            context.Error(field, $"has type {DecodeContext.Quote(any.TypeUrl)} where {type} is needed");
            return null;
        }

        using (context.Enter(field))
        {
            return WireReader.Read(any.Value, parser, context);
        }
    }
}
