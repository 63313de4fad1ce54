using Google.Protobuf;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Resources;

/// <summary>Reads one resource's bytes, and never throws: outside bytes are a value or a list of errors.</summary>
internal static class ResourceDecoder
{
    public static DecodeResult<T> Decode<TMessage, T>(
        ByteString bytes,
        MessageParser<TMessage> parser,
        Func<TMessage, string> nameOf,
        string nameField,
        Func<TMessage, DecodeContext, T?> decode)
        where TMessage : class, IMessage<TMessage>
        where T : class
    {
        var context = new DecodeContext();
        if (WireReader.Read(bytes, parser, context) is not { } message)
        {
            return DecodeResult<T>.Failed(null, context.Errors);
        }

        var name = nameOf(message);
        if (name.Length == 0)
        {
            context.Error(nameField, "must not be empty");
        }

        var value = decode(message, context);
        return value is null || context.HasErrors
            ? DecodeResult<T>.Failed(name.Length == 0 ? null : name, context.Errors)
            : DecodeResult<T>.Ok(name, value);
    }
}
