using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The routes of gateways and the listeners that lead to them. They are of many hosts, so a change of any concerns all.</summary>
/// <param name="previous">Of the state before: what did not change stays the same object.</param>
internal sealed class GatewayResources(GatewayResources? previous)
{
    private readonly NamedResources _listeners = new(TypeUrl.Listener, previous?._listeners);
    private readonly NamedResources _routes = new(TypeUrl.Route, previous?._routes);

    public TranslatedResource? Find(MeshModel model, ProxyView proxy, string typeUrl, string name) =>
        (typeUrl == TypeUrl.Route ? _routes : _listeners).Find(model, proxy, name);
}
