using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Routing;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace ProxylessMesh.Xds.ExternalAuthorization;

/// <summary>
/// A CheckResponse as a verdict. Only the status OK allows (external_auth.proto). Headers that could break a message are left away.
/// </summary>
internal static class CheckResponseReader
{
    private const int MaxHeaders = 100;

    /// <exception cref="AuthorizerException">It cannot be carried out.</exception>
    public static AuthorizationVerdict Read(CheckResponse response)
    {
        if (response.ErrorResponse is not null)
        {
            throw new AuthorizerException("the service answers that it failed");
        }

        if (response.Status?.Code is not (null or (int)GrpcStatusCode.Ok) || response.DeniedResponse is not null)
        {
            return Denied(response.DeniedResponse);
        }

        if (response.Status is null)
        {
            throw new AuthorizerException("the answer has no status");
        }

        var ok = response.OkResponse ?? new OkHttpResponse();
        if (ok.QueryParametersToSet.Count > 0 || ok.QueryParametersToRemove.Count > 0)
        {
            throw new AuthorizerException("the answer changes the query string, which is not supported");
        }

        var removed = ok.HeadersToRemove.Take(MaxHeaders).Select(n => n.ToLowerInvariant()).Where(MessageRules.IsChangeableHeader)
            .Select(n => new HeaderMutationConfig(HeaderMutationKind.Remove, n));
        return new AuthorizationVerdict(true)
        {
            RequestHeaders = [.. removed, .. Headers(ok.Headers)],
            ResponseHeaders = [.. Headers(ok.ResponseHeadersToAdd)],
        };
    }

    /// <summary>Of a refusal: what would be taken for a success without a body, or is no status, is 403.</summary>
    public static int StatusOf(int code) => code is >= 200 and <= 599 and not (204 or 205 or 304) ? code : 403;

    private static AuthorizationVerdict Denied(DeniedHttpResponse? denied) => new(false)
    {
        Status = StatusOf((int)(denied?.Status?.Code ?? 0)),
        Body = System.Text.Encoding.UTF8.GetBytes(denied?.Body ?? ""),
        ResponseHeaders = denied is null ? [] : [.. Headers(denied.Headers)],
    };

    // append is false when it is not set, other than everywhere else (external_auth.proto).
    private static IEnumerable<HeaderMutationConfig> Headers(RepeatedField<HeaderValueOption> options)
    {
        foreach (var option in options.Take(MaxHeaders))
        {
            var name = option.Header?.Key.ToLowerInvariant() ?? "";
            if (option.Header is null || !MessageRules.IsChangeableHeader(name) || !MessageRules.IsHeaderValue(option.Header.Value))
            {
                continue;
            }

            var kind = option.Append == true ? HeaderMutationKind.Append : option.AppendAction switch
            {
                AppendAction.AddIfAbsent => HeaderMutationKind.AddIfAbsent,
                AppendAction.OverwriteIfExists => HeaderMutationKind.SetIfPresent,
                _ => HeaderMutationKind.Set,
            };
            yield return new HeaderMutationConfig(kind, name, option.Header.Value);
        }
    }
}
