using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>A kind of HTTP filter that we know.</summary>
/// <param name="Type">Of its typed_config.</param>
/// <param name="Sides">Where it can stand.</param>
/// <param name="Decode">Reads it; the name is already checked. Null after an error.</param>
internal sealed record HttpFilterKind(string Type, ListenerSide Sides, Func<HttpFilter, DecodeContext, HttpFilterConfig?> Decode);
