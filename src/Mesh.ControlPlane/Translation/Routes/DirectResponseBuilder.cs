using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>What a route answers by itself.</summary>
internal static class DirectResponseBuilder
{
    public static DirectResponseAction Build(HttpDirectResponse response)
    {
        var action = new DirectResponseAction { Status = (uint)response.Status };
        if (response.Text is { } text)
        {
            action.Body = new DataSource { InlineString = text };
        }
        else if (response.Bytes.Count > 0)
        {
            action.Body = new DataSource { InlineBytes = ByteString.CopyFrom(response.Bytes.AsSpan()) };
        }

        return action;
    }
}
