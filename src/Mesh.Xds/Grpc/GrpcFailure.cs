using System.Security.Authentication;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>What a transport's exception means as a status.</summary>
internal static class GrpcFailure
{
    public static GrpcException From(Exception exception, Uri address)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case GrpcException grpc:
                    return grpc;
                case HttpProtocolException reset:
                    return new GrpcException(FromErrorCode(reset.ErrorCode), $"{address.OriginalString}: {reset.Message}", exception);
                case AuthenticationException tls:
                    return new GrpcException(GrpcStatusCode.Unavailable, $"no TLS with {address.OriginalString}: {tls.Message}", exception);
            }
        }

        return new GrpcException(GrpcStatusCode.Unavailable, $"{address.OriginalString}: {Innermost(exception)}", exception);
    }

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;

    /// <summary>RFC 9113 error codes, mapped as in grpc/doc/PROTOCOL-HTTP2.md, Errors.</summary>
    private static GrpcStatusCode FromErrorCode(long code) => code switch
    {
        0x0 => GrpcStatusCode.Unavailable,        // NO_ERROR: in a GOAWAY, which the exception does not tell from a reset, the server leaves
        0x7 => GrpcStatusCode.Unavailable,        // REFUSED_STREAM
        0x8 => GrpcStatusCode.Cancelled,          // CANCEL
        0xb => GrpcStatusCode.ResourceExhausted,  // ENHANCE_YOUR_CALM
        0xc => GrpcStatusCode.PermissionDenied,   // INADEQUATE_SECURITY
        _ => GrpcStatusCode.Internal,
    };
}
