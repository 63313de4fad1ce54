namespace ProxylessMesh.Client.Calls;

/// <summary>A request that lives beside the one it was made from: changes to either are not seen in the other.</summary>
internal static class RequestCopy
{
    public static HttpRequestMessage WithoutBody(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
        };
        foreach (var header in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return copy;
    }
}
