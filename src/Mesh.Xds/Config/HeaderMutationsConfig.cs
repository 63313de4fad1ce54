namespace ProxylessMesh.Xds.Config;

/// <summary>Changes of headers in the order in which they are made; a later one sees what an earlier one did.</summary>
internal sealed record HeaderMutationsConfig(
    EquatableArray<HeaderMutationConfig> Request, EquatableArray<HeaderMutationConfig> Response)
{
    public static HeaderMutationsConfig None { get; } = new([], []);

    public HeaderMutationsConfig Then(HeaderMutationsConfig next) => this == None ? next
        : next == None ? this
        : new HeaderMutationsConfig([.. Request, .. next.Request], [.. Response, .. next.Response]);
}
