namespace ProxylessMesh.Client.HashPolicies;

/// <summary>What consistent load balancing goes by for one call, and the cookie that its response must set so that the next call has it too.</summary>
internal sealed record RequestHash(ulong Value, string? SetCookie)
{
    public void AddCookie(HttpResponseMessage response)
    {
        if (SetCookie is not null)
        {
            response.Headers.TryAddWithoutValidation("Set-Cookie", SetCookie);
        }
    }
}
