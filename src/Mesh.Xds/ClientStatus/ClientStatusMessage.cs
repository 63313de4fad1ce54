using Envoy.Admin.V3;
using Envoy.Service.Status.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.ClientStatus;

/// <summary>The answer of the client status discovery service (gRFC A40).</summary>
internal static class ClientStatusMessage
{
    /// <summary>One client serves all that the process calls and is called by.</summary>
    private const string Scope = "#process";

    public static ClientStatusResponse Create(XdsClientStatus status, bool withContents) => new()
    {
        Config =
        {
            new ClientConfig
            {
                Node = status.Node is { } node ? NodeMapping.ToNode(node) : null,
                ClientScope = Scope,
                GenericXdsConfigs = { status.Types.SelectMany(t => t.Resources.Select(r => Create(t.TypeUrl, r, withContents))) },
            },
        },
    };

    private static ClientConfig.Types.GenericXdsConfig Create(string typeUrl, XdsResourceStatus resource, bool withContents) => new()
    {
        TypeUrl = typeUrl,
        Name = resource.Name,
        VersionInfo = resource.Version,
        XdsConfig = withContents ? Pack(typeUrl, resource.Contents) : null,
        LastUpdated = resource.UpdatedAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        ClientStatus = resource.Status switch
        {
            ResourceStatus.Requested => ClientResourceStatus.Requested,
            ResourceStatus.Acked => ClientResourceStatus.Acked,
            ResourceStatus.Nacked => ClientResourceStatus.Nacked,
            ResourceStatus.DoesNotExist => ClientResourceStatus.DoesNotExist,
            ResourceStatus.ReceivedError => ClientResourceStatus.ReceivedError,
            ResourceStatus.Timeout => ClientResourceStatus.Timeout,
            _ => ClientResourceStatus.Unknown,
        },
        ErrorState = CreateError(typeUrl, resource, withContents),
    };

    private static UpdateFailureState? CreateError(string typeUrl, XdsResourceStatus resource, bool withContents) => resource switch
    {
        { Rejection: { } rejection } => new()
        {
            Details = rejection.Details,
            VersionInfo = rejection.Version,
            LastUpdateAttempt = Timestamp.FromDateTimeOffset(rejection.At),
            FailedConfiguration = withContents ? Pack(typeUrl, rejection.Contents) : null,
        },
        { Error: { } error } => new() { Details = error.Message },
        _ => null,
    };

    private static Any? Pack(string typeUrl, ByteString? contents) => contents is null ? null : new() { TypeUrl = typeUrl, Value = contents };
}
