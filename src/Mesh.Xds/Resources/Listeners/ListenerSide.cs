namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>Which listeners a filter can stand in. Clients and servers support different ones (gRFC A39).</summary>
[Flags]
internal enum ListenerSide
{
    Outbound = 1,
    Inbound = 2,
}
