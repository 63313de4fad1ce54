namespace Bookinfo.Tour;

/// <summary>The VirtualServices that the tour writes to reviews.yaml.</summary>
internal static class ReviewsRoutes
{
    public const string File = "reviews.yaml";

    private const string Retries = """
              retries:
                attempts: 3
                retryOn: connect-failure,refused-stream,reset,unavailable
        """;

    /// <summary>Everything to one version.</summary>
    public static string To(string version) => VirtualService($$"""
            - route:
                - destination: { host: reviews, subset: {{version}} }
        {{Retries}}
        """);

    /// <summary>90 of 100 to v1, the others to v2.</summary>
    public static string Canary() => VirtualService($$"""
            - route:
                - destination: { host: reviews, subset: v1 }
                  weight: 90
                - destination: { host: reviews, subset: v2 }
                  weight: 10
        {{Retries}}
        """);

    /// <summary>One user to v2, all others to v1.</summary>
    public static string ForUser(string user) => VirtualService($$"""
            - match:
                - headers: { end-user: { exact: {{user}} } }
              route:
                - destination: { host: reviews, subset: v2 }
        {{Retries}}
            - route:
                - destination: { host: reviews, subset: v1 }
        {{Retries}}
        """);

    private static string VirtualService(string http) => $"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: reviews
        spec:
          hosts: [reviews]
          http:
        {http}
        """;
}
