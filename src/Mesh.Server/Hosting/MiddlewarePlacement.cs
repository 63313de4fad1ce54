namespace ProxylessMesh.Server.Hosting;

/// <summary>Whether the app has placed the middleware itself.</summary>
internal sealed class MiddlewarePlacement
{
    public bool PlacedByApp { get; set; }
}
