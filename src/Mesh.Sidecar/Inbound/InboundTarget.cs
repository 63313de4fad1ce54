using ProxylessMesh.Sidecar.Forwarding;

namespace ProxylessMesh.Sidecar.Inbound;

/// <summary>Where the requests of a port go; a feature of its connections.</summary>
internal sealed class InboundTarget
{
    private InboundTarget(ForwardDestination http1, ForwardDestination? http2) => (Http1, Http2) = (http1, http2);

    public ForwardDestination Http1 { get; }

    /// <summary>Null: the app does not speak it.</summary>
    public ForwardDestination? Http2 { get; }

    public static InboundTarget Of(InboundOptions options)
    {
        var prefix = $"http://{options.Forward}";
        var name = $"The app at {options.Forward}";
        return new InboundTarget(
            new ForwardDestination(prefix, System.Net.HttpVersion.Version11, name),
            options.Http2 ? new ForwardDestination(prefix, System.Net.HttpVersion.Version20, name) : null);
    }
}
