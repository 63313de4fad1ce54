using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace ProxylessMesh.Server.Hosting;

/// <summary>Whether the app authenticates its users itself; then HttpContext.User is the app's to set.</summary>
internal sealed class AppAuthentication(IServiceProvider services)
{
    public bool HasOwn { get; } = services.GetService<IAuthenticationSchemeProvider>() is { } schemes
        && schemes.GetAllSchemesAsync().GetAwaiter().GetResult().Any();
}
