using System.Reflection;
using Envoy.Config.Core.V3;
using Google.Protobuf.Reflection;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Xds.Tests.Protos;

/// <summary>A wrong number or type would be silently misread by every other xDS client and server.</summary>
public sealed class FieldNumbersTests
{
    private static readonly string[] Table = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Protos", "field-numbers.txt"));

    [Fact]
    public void Every_declared_field_is_as_published()
    {
        var table = new FieldTable(Table);
        var files = DeclaredFiles();

        Assert.True(files.Count >= 29, $"Only {files.Count} files were found.");
        Assert.Empty(files.SelectMany(file => file.MessageTypes.SelectMany(table.Differences).Concat(file.EnumTypes.SelectMany(table.Differences))));
    }

    [Fact]
    public void A_message_that_is_not_in_the_table_is_found() =>
        Assert.Equal(
            ["envoy.config.core.v3.Locality is not in the table"],
            new FieldTable(Table.Select(line => line.Replace("v3.Locality", "v3.Place", StringComparison.Ordinal))).Differences(Locality.Descriptor));

    [Theory]
    [InlineData("  3 sub_zone: string", "  4 sub_zone: string")]
    [InlineData("  3 sub_zone: string", "  3 subzone: string")]
    [InlineData("  3 sub_zone: string", "  3 sub_zone: bytes")]
    [InlineData("  3 sub_zone: string", "  3 sub_zone: repeated string")]
    [InlineData("  3 sub_zone: string", "  3 sub_zone: string (oneof part)")]
    public void Every_kind_of_difference_is_found(string published, string changed)
    {
        var table = new FieldTable(Table.Select(line => line == published ? changed : line));

        Assert.Single(table.Differences(Locality.Descriptor));
    }

    [Fact]
    public void A_different_enum_value_is_found()
    {
        var table = new FieldTable(Table.Select(line => line == "  2 OUTBOUND" ? "  3 OUTBOUND" : line));

        Assert.Single(table.Differences(BaseReflection.Descriptor.EnumTypes.Single(e => e.Name == "TrafficDirection")));
    }

    private static List<FileDescriptor> DeclaredFiles() =>
    [
        .. typeof(GrpcChannel).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>(),
    ];
}
