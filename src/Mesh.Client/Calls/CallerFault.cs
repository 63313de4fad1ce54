using System.Runtime.ExceptionServices;
using ProxylessMesh.Client.Retries;

namespace ProxylessMesh.Client.Calls;

/// <summary>What is wrong with the request itself, found while it was sent: the caller's affair, which says nothing of the upstream.</summary>
internal static class CallerFault
{
    /// <summary>
    /// Throws what an HttpClient without the mesh would: what the app's own body threw, or HttpClient's word that the request cannot be
    /// sent, of header values beyond ASCII or a body of another length than announced. Such an exception, and no other, has neither
    /// a kind nor a cause. If endpoints answered for it, whoever chooses a header's value could have them ejected.
    /// </summary>
    public static void ThrowIfAny(HttpRequestMessage request, in AttemptResult result)
    {
        ReplayContent.ThrowIfBroken(request, in result);
        if (result.Error is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }
}
