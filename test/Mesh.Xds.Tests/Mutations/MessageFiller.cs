using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Mutations;

/// <summary>Makes messages of a type with any of its fields set, to values that make sense as often as not: what no mutation of a sample gets to.</summary>
internal sealed class MessageFiller(int seed)
{
    private const int Deepest = 7;

    private static readonly string[] s_texts =
    [
        "", "a", "*", "/", "/a", "a.default.svc.cluster.local", "127.0.0.1", "10.0.0.0", "::", "%REQ(a)%", "x-a", ":method", ":authority", "host", "grpc-x", "default",
        "ROOTCA", "5xx", "unavailable,retriable-headers", "[a-z]+", "(", "http://127.0.0.1/keys", "outbound|80||a", "envoy.transport_sockets.tls", "tls", "raw_buffer", "cluster.local",
    ];

    /// <summary>What can stand in an Any: every extension that the messages of this project know.</summary>
    private static readonly MessageDescriptor[] s_extensions =
    [
        .. typeof(ResourceKinds).Assembly.GetTypes()
            .Where(t => typeof(IMessage).IsAssignableFrom(t) && t is { IsAbstract: false, IsNested: false })
            .Select(t => (MessageDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!)
            .Where(d => d.File.Package.StartsWith("envoy.extensions.", StringComparison.Ordinal) || d.File.Package.StartsWith("xds.type", StringComparison.Ordinal))
            .OrderBy(d => d.FullName, StringComparer.Ordinal),
    ];

    private readonly Random _random = new(seed);

    /// <param name="type">A resource's.</param>
    /// <param name="name">Of the resource.</param>
    public IMessage Fill(MessageDescriptor type, string name)
    {
        var message = Fill(type, 0);
        (type.FindFieldByName("name") ?? type.FindFieldByName("cluster_name")).Accessor.SetValue(message, name);
        return message;
    }

    private IMessage Fill(MessageDescriptor type, int depth)
    {
        if (type.FullName == Any.Descriptor.FullName)
        {
            return depth < Deepest ? Any.Pack(Fill(s_extensions[_random.Next(s_extensions.Length)], depth + 1)) : new Any();
        }

        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            // Few at the top would leave most messages refused at once; many at the bottom would never end.
            if (_random.Next(10) < (depth < 2 ? 4 : 2) && depth < Deepest)
            {
                Set(message, field, depth + 1);
            }
        }

        return message;
    }

    private void Set(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var map = (System.Collections.IDictionary)field.Accessor.GetValue(message);
            var entry = field.MessageType.Fields;
            map[Value(entry[1], depth)] = Value(entry[2], depth);
        }
        else if (field.IsRepeated)
        {
            var list = (System.Collections.IList)field.Accessor.GetValue(message);
            for (var count = 1 + _random.Next(2); count > 0; count--)
            {
                list.Add(Value(field, depth));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message when IsWrapper(field.MessageType) => Value(field.MessageType.Fields[1], depth),
        FieldType.Message => Fill(field.MessageType, depth),
        FieldType.Enum => Enum(field),
        FieldType.String => s_texts[_random.Next(s_texts.Length)],
        FieldType.Bytes => ByteString.CopyFromUtf8(s_texts[_random.Next(s_texts.Length)]),
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.Double => _random.Next(3) switch { 0 => double.NaN, 1 => _random.Next(-1, 200), _ => _random.NextDouble() },
        FieldType.Float => (float)_random.Next(-1, 200),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => _random.Next(5) == 0 ? long.MinValue : (long)_random.Next(-1, 100_000),
        FieldType.UInt64 or FieldType.Fixed64 => _random.Next(5) == 0 ? ulong.MaxValue : (ulong)_random.Next(100_000),
        FieldType.UInt32 or FieldType.Fixed32 => _random.Next(5) == 0 ? uint.MaxValue : (uint)_random.Next(1000),
        _ => _random.Next(-1, 1000),
    };

    /// <summary>Accessors of wrapper fields take the bare value.</summary>
    private static bool IsWrapper(MessageDescriptor type) => type.File.Name == "google/protobuf/wrappers.proto";

    private object Enum(FieldDescriptor field)
    {
        var values = field.EnumType.Values;
        return System.Enum.ToObject(field.EnumType.ClrType, _random.Next(20) == 0 ? 77 : values[_random.Next(values.Count)].Number);
    }
}
