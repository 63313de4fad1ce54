using System.Text;
using ProxylessMesh.Xds.Wire;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>Where the localities stand in the bytes of a ClusterLoadAssignment. Nothing is kept of each endpoint: there are thousands.</summary>
/// <param name="Bytes">Of the message.</param>
/// <param name="Localities">In the order of the message.</param>
/// <param name="Name">cluster_name.</param>
internal sealed record EndpointSlices(ReadOnlyMemory<byte> Bytes, List<LocalitySlice> Localities, string Name)
{
    private const int NameField = 1;
    private const int LocalityField = 2;

    /// <summary>Null: not a message that could be walked over.</summary>
    public static EndpointSlices? Of(ReadOnlyMemory<byte> bytes)
    {
        var localities = new List<LocalitySlice>();
        var name = "";
        var fields = new WireFields(bytes.Span);
        while (fields.TryNext())
        {
            if (fields.Number == NameField && fields.IsMessage)
            {
                name = Encoding.UTF8.GetString(bytes.Span[fields.ContentStart..fields.End]);
            }
            else if (fields.Number == LocalityField && fields.IsMessage)
            {
                localities.Add(new LocalitySlice(fields.Start, fields.ContentStart, fields.End));
            }
        }

        return fields.IsBroken ? null : new EndpointSlices(bytes, localities, name);
    }

    /// <summary>The fields of a locality.</summary>
    public ReadOnlySpan<byte> Content(int locality) => Bytes.Span[Localities[locality].ContentStart..Localities[locality].End];
}
