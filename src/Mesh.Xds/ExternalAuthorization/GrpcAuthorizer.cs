using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using IPEndPoint = System.Net.IPEndPoint;

namespace ProxylessMesh.Xds.ExternalAuthorization;

/// <summary>Asks over envoy.service.auth.v3.Authorization/Check.</summary>
internal sealed class GrpcAuthorizer(GrpcChannel channel, ExternalAuthorizationConfig config) : IAuthorizer
{
    private readonly GrpcCallOptions _options = new(config.Timeout, config.Grpc!.Metadata);

    public async Task<AuthorizationVerdict> AskAsync(AuthorizationInquiry inquiry, CancellationToken cancellationToken)
    {
        try
        {
            var response = await channel.UnaryAsync(WellKnownMethods.Check, Request(inquiry), _options, cancellationToken).ConfigureAwait(false);
            return CheckResponseReader.Read(response);
        }
        catch (GrpcException e)
        {
            throw new AuthorizerException(e.Message, e);
        }
    }

    private CheckRequest Request(AuthorizationInquiry inquiry)
    {
        var http = new AttributeContext.Types.HttpRequest
        {
            Id = inquiry.RequestId,
            Method = inquiry.Method,
            Path = inquiry.PathAndQuery,
            Host = inquiry.Host,
            Scheme = inquiry.Scheme,
            Protocol = inquiry.Protocol,
            Size = inquiry.Size,
        };
        foreach (var (name, value) in inquiry.Headers)
        {
            http.Headers[name] = value;
        }

        if (inquiry.Body is { } body && config.Body!.AsBytes)
        {
            http.RawBody = ByteString.CopyFrom(body.Span);
        }
        else if (inquiry.Body is { } text)
        {
            http.Body = System.Text.Encoding.UTF8.GetString(text.Span);
        }

        var request = new CheckRequest
        {
            Attributes = new AttributeContext
            {
                Source = Peer(inquiry.Source, inquiry.SourcePrincipal),
                Destination = Peer(inquiry.Destination, inquiry.DestinationPrincipal),
                Request = new AttributeContext.Types.Request { Time = Timestamp.FromDateTimeOffset(inquiry.Time), Http = http },
                TlsSession = inquiry.ServerName is null ? null : new AttributeContext.Types.TLSSession { Sni = inquiry.ServerName },
            },
        };
        foreach (var (name, value) in inquiry.ContextExtensions)
        {
            request.Attributes.ContextExtensions[name] = value;
        }

        return request;
    }

    private static AttributeContext.Types.Peer Peer(IPEndPoint? at, string principal) => new()
    {
        Principal = principal,
        Address = at is null ? null : new Address { SocketAddress = new SocketAddress { Address = at.Address.ToString(), PortValue = (uint)at.Port } },
    };
}
